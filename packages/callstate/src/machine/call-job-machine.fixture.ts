import { createActor, initialTransition, transition } from 'xstate'
import type { RetryPolicy } from '../index.ts'
import {
  type CallJobEmitted,
  type CallJobEvent,
  type CallJobInput,
  callJobMachine,
} from './index.ts'

export const MINUTE_MS = 60_000

/** Bolna's `retry_config` with its defaults. */
export const BOLNA: RetryPolicy = {
  maxAttempts: 4,
  retryOn: ['no-answer', 'busy', 'failed'],
  retryOnVoicemail: false,
  delaysMs: [30 * MINUTE_MS, 60 * MINUTE_MS, 120 * MINUTE_MS],
}
/** Dialgen's `retryStrategy` with its defaults. */
export const DIALGEN: RetryPolicy = {
  maxAttempts: 3,
  retryOn: ['no-answer', 'busy'],
  retryOnVoicemail: false,
  delaysMs: [],
  delayMsAfter: { 'no-answer': 3_600_000, busy: 300_000 },
}
export const VOICEMAIL: RetryPolicy = { ...BOLNA, retryOnVoicemail: true }

export const ended = (
  status: Extract<CallJobEvent, { type: 'attempt-ended' }>['status'],
  rest: Partial<Extract<CallJobEvent, { type: 'attempt-ended' }>> = {},
): CallJobEvent => ({ type: 'attempt-ended', status, ...rest })
export const OPENED: CallJobEvent = { type: 'attempt-opened' }
export const CANCELED: CallJobEvent = { type: 'canceled' }

/** Runs an actor over the events, as long as it listens. */
export function run(policy: RetryPolicy | null, ...events: readonly CallJobEvent[]) {
  const actor = createActor(callJobMachine, { input: { policy } })
  const emitted: CallJobEmitted[] = []
  actor.on('*', (event) => emitted.push(event))
  actor.start()
  for (const event of events) actor.send(event)
  return { snapshot: actor.getSnapshot(), emitted }
}

/** A snapshot after the events, by the pure transition. */
export function after(input: CallJobInput, ...events: readonly CallJobEvent[]) {
  const [start] = initialTransition(callJobMachine, input)
  return events.reduce((snapshot, event) => transition(callJobMachine, snapshot, event)[0], start)
}
