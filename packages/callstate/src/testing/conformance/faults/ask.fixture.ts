import type { Provider } from '../../../providers/index.ts'
import { broken, type Fault } from '../fault.fixture.ts'
import { acme } from '../honest.fixture.ts'

const RECORD = 'every question for a record holds the escaped call id, whatever it is'
const LIST = 'every question for a list stays within the API, and no page makes it throw'

const { ask } = acme

function asking(change: object): Partial<Provider> {
  return broken('ask', { ...ask, ...change })
}

function listing(change: object): Partial<Provider> {
  return asking({ list: { ...ask?.list, ...change } })
}

const isWellFormed = (text: string) => !/\p{Surrogate}/u.test(text)
const path = (callId: string) => `/calls/${encodeURIComponent(callId)}`

export const ASK_FAULTS: readonly Fault[] = [
  ...(
    [
      [() => [], /no request asks for the record of an ordinary call/],
      [({ callId }) => [{ path: path(callId) }], /throws \(URIError\)|does not hold the call id/],
      [
        ({ callId }) => (isWellFormed(callId) ? [{ path: path(callId) }] : []),
        /does not hold the call id/,
      ],
      [
        ({ callId }) => [{ path: `/calls/${callId}` }],
        /does not hold the call id|goes to another host/,
      ],
      [() => [{ path: '/calls' }], /does not hold the call id, escaped, as one part/],
      [({ callId }) => [{ path: callId }], /does not begin with a slash/],
      [
        ({ callId }) => [
          { path: `/calls?filter=x${isWellFormed(callId) ? encodeURIComponent(callId) : ''}` },
        ],
        /does not hold the call id, escaped, as one part/,
      ],
    ] satisfies readonly (readonly [NonNullable<Provider['ask']>['record'], RegExp])[]
  ).map(([record, says]) => ({ check: RECORD, provider: asking({ record }), says })),
  {
    check: RECORD,
    provider: asking({ baseUrl: 'https://api.acme.example', record: () => [{ path: '/\n' }] }),
    says: /does not hold the call id/,
  },
  {
    check: RECORD,
    provider: asking({ baseUrl: 'https://', record: () => [{ path: '/calls/call-1' }] }),
    says: /baseUrl is no address/,
  },
  ...(
    [
      [
        { request: ({ cursor }: { cursor: string | null }) => ({ path: path(cursor ?? '') }) },
        /the question for a list throws \(URIError\)/,
      ],
      [{ request: () => ({ path: 'calls' }) }, /does not begin with a slash/],
      [
        { readPage: (body: { calls: [] }) => ({ items: body.calls, next: null }) },
        /a page makes it throw|neither null nor items/,
      ],
      [{ request: () => ({ path: '//other.example/calls' }) }, /a question goes to another host/],
      [
        {
          readPage: (body: unknown) => {
            if (body === null) throw new TypeError('no page')
            return null
          },
        },
        /a page makes it throw \(TypeError\)/,
      ],
      [{ readPage: () => ({ items: [], next: 7 }) }, /neither null nor items and next/],
      [{ readPage: () => undefined }, /neither null nor items and next/],
      [{ readPage: () => 'none' }, /neither null nor items and next/],
    ] as const
  ).map(([list, says]) => ({ check: LIST, provider: listing(list), says })),
]
