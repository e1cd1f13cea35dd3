import { type CallEvent, dueAt, isSettled, type LifecycleOptions, outcome, replay } from 'callstate'
import type { KnownCall } from './internal/index.ts'

/** Any call of which these events were heard, as a source would know it. */
export function knownCall(
  events: readonly CallEvent[],
  given: Partial<KnownCall> = {},
  options: LifecycleOptions = {},
): KnownCall {
  const { call: knowledge, history } = replay(events, options)
  const settled = isSettled(knowledge)
  const contradictions = history.flatMap(({ decision }) =>
    decision.kind === 'conflicting' && decision.reason !== 'read-anew' ? [decision] : [],
  )
  return {
    provider: 'bolna',
    callId: 'a',
    status: knowledge.status,
    attempt: knowledge.attempt,
    settled,
    outcome: outcome(knowledge),
    dueAt: settled ? null : dueAt(knowledge),
    dataDueAt: null,
    knowledge,
    conflicts: contradictions.map(
      ({ conflictsWith, status }) => `${conflictsWith}>${status}` as const,
    ),
    events: events.length,
    firstReceivedAt: 0,
    lastReceivedAt: events.length,
    ...given,
  }
}
