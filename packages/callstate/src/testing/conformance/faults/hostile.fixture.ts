import { answering, type Fault } from '../fault.fixture.ts'
import { isRecord, readAcme, refuse } from '../honest.fixture.ts'

const EMPTY = 'a message that says nothing is neither recognized nor read'
const HALF = 'no message makes the provider throw or answer half'
const SECRET = 'an issue never repeats a value of the message'

export const HOSTILE_FAULTS: readonly Fault[] = [
  {
    check: EMPTY,
    provider: { recognizes: (body) => typeof body === 'object' },
    says: /null is recognized/,
  },
  {
    check: EMPTY,
    provider: {
      read: ({ body, kind }) =>
        readAcme({ kind, body: { acmeId: '?', state: '?', attempt: 1, at: 0, ...Object(body) } }),
    },
    says: /undefined is read as any kind of message/,
  },
  {
    check: EMPTY,
    provider: answering((honest, { kind }) =>
      kind === 'stop-reply'
        ? readAcme({ kind, body: { acmeId: '?', state: 'DONE', attempt: 1, at: 0 } })
        : honest,
    ),
    says: /undefined is read as stop-reply/,
  },
  {
    check: HALF,
    provider: answering((honest, { body }) => {
      JSON.stringify(body)
      return honest
    }),
    says: /a message that is no message makes it throw \(RangeError\)/,
  },
  {
    check: HALF,
    provider: { recognizes: (body) => 'acmeId' in Object.keys(body as object) },
    says: /makes it throw \(TypeError\)/,
  },
  {
    check: HALF,
    provider: { sameMessage: (body) => [(body as Record<string, string>)['acmeId']?.trim()] },
    says: /makes it throw \(TypeError\)/,
  },
  {
    check: HALF,
    provider: {
      read: (message) => (isRecord(message.body) ? readAcme(message) : { ok: false, issues: [] }),
    },
    says: /no issue says why/,
  },
  {
    check: HALF,
    provider: answering((honest) => {
      if (honest.ok) return honest
      return { ok: false, issues: honest.issues.map((issue) => ({ ...issue, path: 'state' })) }
    }),
    says: /an issue does not say what was expected and what came/,
  },
  {
    check: HALF,
    provider: {
      read: ({ body, kind }) => {
        const { attempt } = isRecord(body) ? body : {}
        const honest = readAcme({ kind, body: isRecord(body) ? { ...body, attempt: 1 } : body })
        if (!honest.ok || honest.type !== 'events' || typeof attempt !== 'number') return honest
        return { ...honest, events: honest.events.map((event) => ({ ...event, attempt })) }
      },
    },
    says: /a hostile value at "attempt" is answered, but its attempt is no whole number/,
  },
  {
    check: HALF,
    provider: answering((honest, { headers }) => {
      if (headers !== undefined && Object.hasOwn(headers, '__proto__')) throw new TypeError('a key')
      return honest
    }),
    says: /a damaged message makes it throw \(TypeError\)/,
  },
  {
    check: SECRET,
    provider: answering((honest, { body }) => {
      if (honest.ok || !isRecord(body)) return honest
      return refuse('state', `not ${String(body['state'])}`, body)
    }),
    says: /an issue repeats a value of the message in its expected/,
  },
  {
    check: SECRET,
    provider: answering((honest, { body }) =>
      honest.ok
        ? honest
        : { ok: false, issues: [{ path: [], expected: 'x', received: 'x', message: `${body}` }] },
    ),
    says: /in its message/,
  },
  {
    check: SECRET,
    provider: answering((honest, { body }) =>
      honest.ok || !isRecord(body)
        ? honest
        : { ok: false, issues: honest.issues.map((one) => ({ ...one, path: [body['state']] })) },
    ),
    says: /in its path/,
  },
]
