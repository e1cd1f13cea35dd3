import { parseStatus } from '../../../index.ts'
import { answering, type Fault, reading } from '../fault.fixture.ts'
import { isRecord, refuse, samples, waiting } from '../honest.fixture.ts'

const UNKNOWN_WORD = 'a status word that nobody knows is kept as it came'
const FOREIGN_WORD =
  'a status word that the provider does not have stays unrecognized, even where it is spelled like one of ours'
const UNKNOWN_KIND =
  'a kind of message that nobody knows is unrecognized, with the kind as its word'

export const WORD_FAULTS: readonly Fault[] = [
  {
    check: UNKNOWN_WORD,
    provider: reading((event) => ({ ...event, status: event.status ?? 'busy' })),
    says: /"warp-drive" is read as busy; it must keep the word/,
  },
  {
    check: UNKNOWN_WORD,
    provider: reading((event) =>
      event.word in {} ? { ...event, word: 'an inherited thing' } : event,
    ),
    says: /"constructor" is read as the word "an inherited thing"/,
  },
  {
    check: UNKNOWN_WORD,
    provider: answering((honest) =>
      honest.ok && honest.type === 'events' && honest.events[0]?.status === null
        ? refuse('state', 'a known word', '')
        : honest,
    ),
    says: /unknown status word "warp-drive" is refused/,
  },
  {
    check: UNKNOWN_WORD,
    provider: reading((event) => ({ ...event, word: 'elsewhere' })),
    samples: { messages: [waiting] },
    says: /say where it does with statusAt/,
  },
  {
    check: UNKNOWN_WORD,
    provider: reading((event) => ({ ...event, kind: 'stop-reply' })),
    says: /no sample carries a status word/,
  },
  {
    check: UNKNOWN_WORD,
    provider: answering((honest, { body }) =>
      isRecord(body) && body['state'] === 'warp-drive'
        ? { ok: true, type: 'skip', word: 'ping' }
        : honest,
    ),
    says: /"warp-drive" is taken for "skip"; it must be read/,
  },
  {
    check: FOREIGN_WORD,
    provider: reading((event) => ({
      ...event,
      status: event.status ?? parseStatus(event.word).status,
    })),
    says: /"scheduled", which it does not have, is read as scheduled; say status: null/,
  },
  {
    check: FOREIGN_WORD,
    provider: reading((event) =>
      event.word.includes('_') ? { ...event, status: parseStatus(event.word).status } : event,
    ),
    says: /which it does not have, is read as [a-z]+-[a-z]+; say status: null/,
  },
  {
    check: FOREIGN_WORD,
    provider: reading((event) =>
      event.word === 'cancelled' ? { ...event, status: 'canceled' } : event,
    ),
    says: /"cancelled", which it does not have, is read as canceled/,
  },
  {
    check: FOREIGN_WORD,
    provider: answering((honest) =>
      honest.ok && honest.type === 'events' && honest.events[0]?.status === null
        ? refuse('state', 'a known word', '')
        : honest,
    ),
    says: /"scheduled", which it does not have, is refused/,
  },
  {
    check: UNKNOWN_KIND,
    samples: { messages: samples.messages.map(({ kindAt: _kindAt, ...message }) => message) },
    says: /no sample says where the kind of a message stands/,
  },
  {
    check: UNKNOWN_KIND,
    provider: answering((honest, { body }) =>
      isRecord(body) && body['type'] === 'warp-drive' ? refuse('type', 'a known kind', '') : honest,
    ),
    says: /of the unknown kind "warp-drive" is refused/,
  },
  {
    check: UNKNOWN_KIND,
    provider: answering((honest, { body }) =>
      isRecord(body) && body['type'] === 'warp-drive'
        ? { ok: true, type: 'skip', word: 'ping' }
        : honest,
    ),
    says: /of the unknown kind "warp-drive" is taken for "skip"/,
  },
  {
    check: UNKNOWN_KIND,
    provider: reading((event, body) =>
      isRecord(body) && event.word === body['type']
        ? { ...event, word: `${body['state']}` }
        : event,
    ),
    says: /kind "warp-drive" is read as the word "TALK"; it must be unrecognized/,
  },
  {
    check: UNKNOWN_KIND,
    provider: reading((event) => (event.word in {} ? { ...event, status: 'completed' } : event)),
    says: /kind "constructor" is read as completed; it must be unrecognized/,
  },
]
