import type { MessageKind, Provider } from 'callstate/providers'
import { decodeInput } from '../intake/decode-input.ts'
import { type Folded, fold } from '../intake/fold.ts'
import { messagesOf, readBody } from '../intake/read-message.ts'
import type { Redact } from '../intake/redact.ts'
import type { FoldRules } from './fold-entry.ts'
import type { HistoryEntry, TrackedCall } from './tracked-call.ts'

/** When the first message of `foldBodies` comes; each further one comes a second later. */
export const RECEIVED_AT = 1_769_421_600_000

/** A body, or one with the kind of message that it comes in. */
export type Body = Readonly<Record<string, unknown>>

/** How bodies are folded. */
export interface FoldBodiesOptions extends Partial<Omit<FoldRules, 'provider'>> {
  /** Of all of them; the provider tells it by their shape where it is left out. */
  readonly kind?: MessageKind
  readonly redact?: Redact
  /** The row that they are folded upon. */
  readonly before?: TrackedCall
}

/** What folding bodies led to: one after the other, each read as it is when it comes. */
export function foldBodies(
  provider: Provider,
  bodies: readonly Body[],
  { kind, redact, before, policy, budgets = {}, ...rest }: FoldBodiesOptions = {},
): readonly Folded[] {
  const rules: FoldRules = { provider, policy, budgets, ...rest }
  let row = before
  return bodies.map((body, place) => {
    const decoding = decodeInput({ provider: provider.name, body })
    if (!decoding.ok) throw new Error('The body is no body.')
    const { decoded } = decoding
    const read = messagesOf(provider, decoded, readBody(provider, decoded, kind ?? null), redact)
    if (!read.ok || read.type === 'skip') throw new Error('The body tells nothing.')
    const [message] = read.messages
    if (message === undefined) throw new Error('The body tells nothing.')
    const folded = fold(row, message, RECEIVED_AT + place * 1000, rules)
    row = folded.row
    return folded
  })
}

/** The row after the last of what was folded. */
export function rowAfter(folded: readonly Folded[]): TrackedCall {
  const last = folded.at(-1)
  if (last === undefined) throw new Error('Nothing was folded.')
  return last.row
}

/** The history that folding made. */
export function historyOf(folded: readonly Folded[]): readonly HistoryEntry[] {
  return folded.map(({ entry }) => entry)
}
