import {
  CALL_STATUSES,
  type CallStatus,
  isSoftTerminal,
  isTerminal,
  type ParsedStatus,
  parseStatus,
} from 'callstate'
import { suggestStatus } from '../command/status-word.ts'
import { type Colors, printable } from '../command/terminal.ts'
import { type StatusFacts, statusFacts } from '../text/status-facts.ts'

/** What `callstate classify --format json` says of one word. */
export interface Classification extends StatusFacts {
  readonly raw: string
  readonly kind: ParsedStatus['kind']
  /** The status that a word outside the table may mean; null where none is close. */
  readonly suggestion: CallStatus | null
}

/** Classifies a status word. The order of the keys is part of the format. Pure; never throws. */
export function classify(word: string): Classification {
  const { kind, status } = parseStatus(word)
  return {
    raw: word,
    kind,
    ...statusFacts(status),
    suggestion: status === null ? suggestStatus(word) : null,
  }
}

/** The classifications as a table for a person. */
export function classificationText(answers: readonly Classification[], colors: Colors): string {
  const width = Math.max(...answers.map(({ raw, status }) => (status ?? printable(raw)).length))
  return answers.map((answer) => `${lineOf(answer, width, colors)}\n`).join('')
}

function lineOf(answer: Classification, width: number, colors: Colors): string {
  const { raw, kind, status, phase, group, suggestion } = answer
  if (status === null) {
    const hint = suggestion === null ? '' : ` Did you mean "${suggestion}"?`
    return `${printable(raw).padEnd(width)}  ${colors.magenta('unrecognized')}  not one of the ${CALL_STATUSES.length} statuses.${hint}`
  }
  const title = isTerminal(status) ? colors.yellow('terminal    ') : colors.cyan('intermediate')
  const notes = [
    `phase ${phase}`,
    group === null ? 'no group' : `group ${group}`,
    ...(isSoftTerminal(status) ? ['the line is down, the data is not final'] : []),
    ...(kind === 'alias' ? [`another spelling: "${raw}"`] : []),
  ]
  return `${status.padEnd(width)}  ${title}  ${notes.join(', ')}`
}
