import type { AttemptWithData, FinalData, PayloadRef } from '@callstate/tracker'
import { type Colors, printable } from '../command/terminal.ts'
import { amountText } from './amount-text.ts'
import { statusColor } from './status-facts.ts'
import { type Cell, tableText } from './table.ts'
import { durationText } from './time-text.ts'

/**
 * What is final of each attempt for a person: its cost, its length, who hung up, where the rest stands,
 * and what is missing. Empty where nothing of that is known. Pure.
 */
export function finalDataText(attempts: readonly AttemptWithData[], colors: Colors): string {
  return attempts
    .map((one) => {
      const { attempt, status, finalData, missing } = one
      const facts: readonly (readonly Cell[])[] = [
        ...(finalData === null ? [] : factsOf(finalData)),
        ...(missing.length === 0
          ? []
          : [['missing', [missing.join(', '), colors.yellow] as const]]),
      ]
      if (facts.length === 0) return ''
      const end = statusColor(status, colors)(status ?? 'status not recognized')
      return `  attempt ${attempt}  ${end}\n${tableText(facts, '    ')}`
    })
    .join('')
}

function factsOf(data: FinalData): readonly (readonly Cell[])[] {
  const { cost, durationMs, hangupBy, voicemail } = data
  return [
    ...(cost === null ? [] : [['cost', amountText(cost)]]),
    ...(durationMs === null ? [] : [['duration', durationText(durationMs)]]),
    ...(hangupBy === null ? [] : [['hung up by', hangupBy]]),
    ...(voicemail === null ? [] : [['voicemail', voicemail ? 'yes' : 'no']]),
    ...referenceOf('recording', data.recording),
    ...referenceOf('transcript', data.transcript),
    ...referenceOf('extraction', data.extraction),
  ]
}

/** Where it stands, and never what: it may be anything that was said. */
function referenceOf(name: string, ref: PayloadRef | null): readonly (readonly Cell[])[] {
  if (ref === null) return []
  const where = `in entry ${ref.sequence} at ${printable(ref.pointer)}`
  return [[name, ref.pruned ? `${where}, not kept` : where]]
}
