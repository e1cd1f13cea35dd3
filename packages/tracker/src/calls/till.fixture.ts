import {
  type DataMessage,
  defineProvider,
  type Message,
  type Provider,
  type ProviderEvent,
  type Reading,
} from 'callstate/providers'

/** What one message of the made-up provider says. */
export type Said = {
  readonly id: 'c-1'
  readonly word: (typeof WORDS)[number]
  readonly kind: 'webhook' | 'record' | 'list-item'
  readonly attempt: number | null
  readonly at: number | null
  readonly seq: number | null
  readonly cost: number | null
  readonly secs: number | null
  readonly file: string | null
  /** The end of an earlier attempt, mentioned beside. */
  readonly earlier: { readonly attempt: number; readonly word: (typeof ENDS)[number] } | null
}

/** Its words for ends. */
export const ENDS = ['completed', 'busy', 'failed', 'no-answer'] as const
/** All its words; `note` brings data alone. */
export const WORDS = ['ringing', 'in-progress', 'call-disconnected', 'note', ...ENDS] as const

/** A made-up provider whose bodies are plain: what each end holds differs. */
export const till: Provider = defineProvider({
  name: 'till',
  statuses: Object.fromEntries(
    WORDS.flatMap((word) => (word === 'note' ? [] : [[word, { status: word }]])),
  ),
  kinds: { note: 'data' },
  recognizes: () => false,
  habits: {
    final: {
      completed: { final: ['cost', 'durationMs', 'recording'], expected: ['cost', 'durationMs'] },
      failed: { final: ['cost', 'recording'], expected: [], expectedIfConnected: ['cost'] },
      busy: { final: ['cost'], expected: [] },
    },
  },
  finalData: {
    cost: (body) => {
      const { cost } = body as Said
      return cost === null ? null : { amount: cost, currency: 'EUR', unit: null }
    },
    recording: ['/file'],
  },
  read({ body }: Message): Reading {
    const { id, word, kind, attempt, at, seq, secs, earlier } = body as Said
    const common = { provider: 'till', callId: id, kind, word, attempt, occurredAt: at }
    const numbered = seq === null ? common : { ...common, sequence: seq }
    if (word === 'note') return { ok: true, type: 'data', data: numbered satisfies DataMessage }
    const event: ProviderEvent = {
      ...numbered,
      status: word,
      ...(secs !== null && { details: { talkMs: secs * 1000 } }),
      ...(earlier !== null && { earlier: [{ attempt: earlier.attempt, status: earlier.word }] }),
    }
    return { ok: true, type: 'events', events: [event] }
  },
})
