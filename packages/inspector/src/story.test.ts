import { type CallEvent, EMPTY_CALL, replay, timeline } from 'callstate'
import { defineProvider, type Provider } from 'callstate/providers'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { callEvent } from 'callstate/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mayContradict, storyOf, storyWith } from './story.ts'

const both = defineProvider({
  name: 'both',
  statuses: { ENGAGED: { status: 'busy' }, DONE: { status: 'completed' } },
  habits: { reportsBoth: [['busy', 'completed']] },
  recognizes: () => false,
  read: () => ({ ok: true, type: 'skip', word: 'any' }),
})

const PROVIDERS: readonly (Provider | undefined)[] = [undefined, bolna, dialgen, both]

const events = fc.array(callEvent(), { maxLength: 8 })

test('a story that goes on event by event has the statuses and times of the call, and none of its details', () => {
  fc.assert(
    fc.property(events, (all: readonly CallEvent[]) => {
      const told = all.reduce(storyWith, EMPTY_CALL)
      const { call } = replay(all)
      expect(timeline(told)).toEqual(timeline(call))
      expect(told).toEqual(storyOf(call))
      expect(JSON.stringify(told)).not.toContain('details')
    }),
  )
})

test('a call about which a contradiction was decided is never taken for one without', () => {
  const seen = { contradictory: 0, harmless: 0 }
  fc.assert(
    fc.property(events, fc.constantFrom(...PROVIDERS), (all, provider) => {
      const { call, history } = replay(all, { provider })
      const isContradictory = history.some(
        ({ decision }) => decision.kind === 'conflicting' && decision.reason !== 'read-anew',
      )
      const answer = mayContradict(call, { provider })
      if (isContradictory) expect(answer).toBe(true)
      seen[answer ? 'contradictory' : 'harmless']++
    }),
    { numRuns: 3000 },
  )
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(300)
})

test('of a legal story, whatever came between, no decision has to be read', () => {
  const legal = ['queued', 'initiated', 'ringing', 'in-progress', 'completed'] as const
  const { call } = replay(legal.map((status) => ({ status })))
  expect(mayContradict(call, { provider: bolna })).toBe(false)
  // Dialgen's reply says ONGOING before the credits turn out to be short.
  const short = replay([{ status: 'initiated' }, { status: 'balance-low' }]).call
  expect(mayContradict(short, { provider: dialgen })).toBe(false)
})
