import { defineProvider } from '../define-provider.ts'
import { oneEvent } from '../message.ts'
import type { TypedProvider } from '../typed-provider.ts'
import { dialgenAsk } from './ask.ts'
import type { DialgenData } from './data.ts'
import { parseDialgenEvent } from './event.ts'
import { dialgenFinalData } from './final-data.ts'
import { dialgenHabits } from './habits.ts'
import { hasDialgenShape } from './message.ts'
import { dialgenSignature } from './signature.ts'
import { DIALGEN_LACKS, DIALGEN_MOVES, DIALGEN_STATUSES } from './status.ts'
import { tellDialgen } from './tell.ts'

/**
 * Dialgen: five statuses, of which webhooks tell the ends alone. What is between comes from the reply
 * to a dial request and from polling the status.
 *
 * Dialgen's own sample tells deliveries apart by the call's identifier alone, which would swallow every
 * message after the first. Two attempts that end in the same way, said without a time, look the same:
 * nothing in the messages tells them apart.
 *
 * @example
 * const reading = dialgen.read({ kind: 'webhook', body: JSON.parse(text) })
 * if (reading.ok && reading.type === 'events') {
 *   for (const event of reading.events) call = observe(call, event, { provider: dialgen }).call
 * }
 */
export const dialgen: TypedProvider<'dialgen', DialgenData> = defineProvider({
  name: 'dialgen',
  title: 'Dialgen',
  statuses: DIALGEN_STATUSES,
  lacks: DIALGEN_LACKS,
  moves: DIALGEN_MOVES,
  delivery: {
    ordered: false,
    repeats: true,
    retryDelaysMs: [1_000, 5_000, 25_000],
    eventTimeField: 'callData.endTime',
    sources: [
      'https://docs.dialgen.ai/guides/batch-calling/webhooks',
      'https://docs.dialgen.ai/guides/call-management/call-status',
    ],
  },
  origin: [dialgenSignature],
  habits: dialgenHabits,
  finalData: dialgenFinalData,
  ask: dialgenAsk,
  tell: tellDialgen,
  recognizes: hasDialgenShape,
  read: ({ body, kind }) => oneEvent(parseDialgenEvent(body, kind ?? undefined)),
})
