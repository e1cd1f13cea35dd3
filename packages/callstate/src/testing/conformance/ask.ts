import fc from 'fast-check'
import type { Ask, AskRequest, ListQuestion, RecordQuestion } from '../../providers/ask.ts'
import type { Provider } from '../../providers/provider.ts'
import { codeUnit } from '../events.ts'
import { HOSTILE_VALUES, junk } from './hostile.ts'
import { readSamples } from './opened-samples.ts'
import { type ConformanceCheck, fail, type ProviderSamples } from './samples.ts'

/** How the provider is asked; none where it answers no questions. */
export function askChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  const { ask } = provider
  if (ask === null) return []
  const checks: readonly ConformanceCheck[] = [
    {
      name: 'every question for a record holds the escaped call id, whatever it is',
      proves:
        'that a call can be asked for, and that its identifier, which anybody may have sent, leads nowhere else',
      run: () => recordsAreAskedFor(provider, ask, samples),
    },
  ]
  if (ask.list === undefined) return checks
  return [
    ...checks,
    {
      name: 'every question for a list stays within the API, and no page makes it throw',
      proves: 'that reconciling ends, and stays where it was sent',
      run: () => listsAreAskedFor(provider, ask),
    },
  ]
}

const NOW = 1_769_421_600_000
const QUESTION: Omit<RecordQuestion, 'callId'> = {
  openedAt: NOW - 60_000,
  now: NOW,
  account: 'AC1',
}

const HOSTILE_IDS = [
  ...HOSTILE_VALUES.filter((value) => typeof value === 'string'),
  '..',
  '.',
  '../other',
  '%2e%2e',
  'a/b?c=d#e',
  'a&b=c',
  '//other.example/',
  'é ü',
  '\\..\\other',
  'line\r\nbreak',
] as const

async function recordsAreAskedFor(
  provider: Provider,
  ask: Ask,
  samples: ProviderSamples,
): Promise<void> {
  const ordinary = new Set<string>([samples.callId ?? 'call-1'])
  for (const { reading } of await readSamples(provider, samples)) {
    if (reading.type === 'events') for (const { callId } of reading.events) ordinary.add(callId)
  }
  for (const callId of ordinary) {
    const requests = requestsFor(provider, ask, { ...QUESTION, callId })
    if (requests.length === 0) fail(provider, 'no request asks for the record of an ordinary call')
    for (const request of requests) mustHold(provider, ask, request, callId)
  }
  const anyId = fc.oneof(fc.constantFrom<string[]>(...HOSTILE_IDS), fc.string({ unit: codeUnit() }))
  const question = fc.record({
    callId: anyId,
    openedAt: fc.constantFrom(0, NOW),
    now: fc.constantFrom(NOW, 2 * NOW),
    account: fc.constantFrom(null, 'AC1'),
  })
  fc.assert(
    fc.property(question, (asked) => {
      // What is no identifier of the provider's need not be asked for.
      for (const request of requestsFor(provider, ask, asked)) {
        mustHold(provider, ask, request, asked.callId)
      }
    }),
    { numRuns: 300, includeErrorInReport: true },
  )
}

function requestsFor(
  provider: Provider,
  ask: Ask,
  question: RecordQuestion,
): readonly AskRequest[] {
  try {
    return ask.record(question)
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error
    fail(provider, `the question for a record throws (${name}) for some call id`)
  }
}

/** Looks for the identifier where a server would: as a part of the path, a parameter or in the body. */
function mustHold(provider: Provider, ask: Ask, request: AskRequest, callId: string): void {
  const { pathname, searchParams } = addressOf(provider, ask, request)
  const held = [...pathname.split('/').map(unescaped), ...searchParams.values()]
  const isInBody = request.body !== undefined && fc.stringify(request.body).includes(callId)
  if (held.includes(callId) || isInBody) return
  fail(provider, 'a question for a record does not hold the call id, escaped, as one part')
}

/** Where a request goes, as every client works it out. */
function addressOf(provider: Provider, ask: Ask, { path }: AskRequest): URL {
  if (!path.startsWith('/')) fail(provider, 'the path of a question does not begin with a slash')
  // Resolved against an address, such a path is a host.
  if (path.startsWith('//')) fail(provider, 'a question goes to another host')
  if (!URL.canParse(ask.baseUrl)) fail(provider, 'its baseUrl is no address')
  return new URL(ask.baseUrl.replace(/\/$/, '') + path)
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const LIST_QUESTIONS: readonly ListQuestion[] = [null, ...HOSTILE_IDS].flatMap((text) => [
  { from: null, to: null, scope: text, cursor: text, account: null },
  { from: NOW - 86_400_000, to: NOW, scope: text, cursor: text, account: 'AC1' },
])

function listsAreAskedFor(provider: Provider, ask: Ask): void {
  const { list } = ask
  if (list === undefined) return
  for (const question of LIST_QUESTIONS) {
    let request: AskRequest
    try {
      request = list.request(question)
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error
      fail(provider, `the question for a list throws (${name}) for some scope or cursor`)
    }
    addressOf(provider, ask, request)
  }
  fc.assert(
    fc.property(junk(), fc.constantFrom(...LIST_QUESTIONS), (body, question) => {
      let page: unknown
      try {
        page = list.readPage(body, question)
      } catch (error) {
        const name = error instanceof Error ? error.name : typeof error
        fail(provider, `a page makes it throw (${name})`)
      }
      if (!isPage(page)) fail(provider, 'what is read of a page is neither null nor items and next')
    }),
    { numRuns: 300, includeErrorInReport: true },
  )
}

function isPage(page: unknown): boolean {
  if (page === null) return true
  if (typeof page !== 'object') return false
  const { items, next }: { readonly items?: unknown; readonly next?: unknown } = page
  return Array.isArray(items) && (next === null || typeof next === 'string')
}
