import { replay } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWorld, HOUR_MS, noTime, record, START_AT } from './poller.fixture.ts'
import type { FetchAnswer, Fetcher } from './poller.ts'

const CALLS = ['c-1', 'c-2', 'c-3']

/** What a provider may say, given what it said last of the call; null is no answer. */
type Weather = 'same' | 'news' | 'garbage' | 'another-call' | 'unknown' | 'limited' | 'down'

const weather = fc.constantFrom<Weather>(
  'same',
  'news',
  'garbage',
  'another-call',
  'unknown',
  'limited',
  'down',
)
/** How far the clock moves before the next run, back as well. */
const steps = fc.oneof(
  fc.integer({ min: 0, max: 3 * HOUR_MS }),
  fc.integer({ min: -24 * HOUR_MS, max: 0 }),
)

describe('whatever a provider answers and the clock does', () => {
  it('calls hold what the provider said of them and no more, and are asked about until they end', async () => {
    const runs = fc.array(fc.tuple(steps, fc.array(weather, { minLength: 1, maxLength: 6 })), {
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(runs, async (plan) => {
        const world = createWorld()
        const provider = createProvider(() => world.clock.at)
        for (const callId of CALLS) {
          await world.silent(callId)
          provider.said.get(callId)?.push(record(callId, 'ringing', START_AT - HOUR_MS))
        }
        const fetchers = [provider.fetcher]
        const options = { fetchers, everyMs: null, maxAsks: null, sleep: noTime, batchSize: 2 }
        await using poller = world.tracker.poll(options)

        for (const [step, answers] of plan) {
          world.clock.at += step
          provider.answers = answers
          provider.asked = []
          await poller.runOnce()
          expect(new Set(provider.asked).size).toBe(provider.asked.length)
        }

        // It clears up: within two hours of a clock that is right again, every call has its end.
        world.clock.at = START_AT + 20 * 24 * HOUR_MS
        provider.answers = null
        for (let run = 0; run < 2; run++) {
          await poller.runOnce()
          world.clock.at += 2 * HOUR_MS
        }
        for (const callId of CALLS) {
          const events = (provider.said.get(callId) ?? []).flatMap((body) => {
            const reading = bolna.read({ body, kind: 'record' })
            return reading.ok && reading.type === 'events' ? reading.events : []
          })
          const call = await world.known(callId)
          expect(call).toEqual(replay(events).call)
          expect(call?.status).toBe('completed')
        }
        const page = await world.tracker.list()
        expect(page.items.map(({ callId }) => callId).toSorted()).toEqual(CALLS)
      }),
    )
  })
})

interface TestProvider {
  readonly fetcher: Fetcher
  /** What it told of each call when it was asked for that call. */
  readonly said: ReadonlyMap<string, unknown[]>
  asked: string[]
  /** Its answers in turn, over and over; null: every call has ended. */
  answers: readonly Weather[] | null
}

function createProvider(now: () => number): TestProvider {
  const said = new Map<string, unknown[]>(CALLS.map((callId) => [callId, []]))
  const provider: TestProvider = {
    fetcher: { provider: 'bolna', perMinute: 1e9, fetch },
    said,
    asked: [],
    answers: [],
  }

  async function fetch({ callId }: { readonly callId: string }): Promise<FetchAnswer> {
    const { answers, asked } = provider
    const told = said.get(callId) ?? []
    const tell = (body: unknown): FetchAnswer => {
      told.push(body)
      return { kind: 'message', body }
    }
    asked.push(callId)
    if (answers === null) return tell(record(callId, 'completed', now()))
    const answer = answers[(asked.length - 1) % answers.length] ?? 'down'
    switch (answer) {
      case 'same':
        return { kind: 'message', body: told.at(-1) }
      case 'news':
        return tell(record(callId, 'in-progress', now() - 2 * HOUR_MS))
      case 'garbage':
        return { kind: 'message', body: { message: 'oops' } }
      case 'another-call':
        return { kind: 'message', body: record('c-9', 'completed', now()) }
      case 'unknown':
        return { kind: 'unknown-call' }
      case 'limited':
        return { kind: 'limited', retryAfterMs: asked.length % 2 === 0 ? 5_000 : null }
      case 'down':
        throw new Error('down')
      default: {
        const never: never = answer
        return never
      }
    }
  }
  return provider
}
