import type { EventSource, ParseIssue, Provider, ProviderEvent } from '../../providers/provider.ts'

const SOURCES = {
  webhook: true,
  record: true,
  'list-item': true,
  'call-reply': true,
  'stop-reply': true,
} as const satisfies Record<EventSource, true>

/** What is wrong with an event that `parse` made, as half a sentence; null where nothing is. */
export function whatIsWrongWith(event: ProviderEvent, provider: Provider): string | null {
  const { attempt = null, occurredAt = null } = event
  if (event.provider !== provider.name) return 'its event names another provider'
  if (typeof event.callId !== 'string' || event.callId === '') return 'its event names no call'
  if (typeof event.status !== 'string') return 'its status is not text'
  if (!Object.hasOwn(SOURCES, event.source)) return 'its source is none of the known ones'
  if (attempt !== null && !(Number.isSafeInteger(attempt) && attempt >= 1)) {
    return 'its attempt is no whole number from 1 on'
  }
  if (occurredAt !== null && !Number.isFinite(occurredAt)) return 'its time is no finite number'
  const key = provider.dedupeKey(event)
  if (typeof key !== 'string' || key === '') return 'it has no dedupe key'
  return null
}

/** What is wrong with the issues of a refused message, as half a sentence; null where nothing is. */
export function whatIsWrongWithIssues(issues: readonly ParseIssue[]): string | null {
  if (!Array.isArray(issues) || issues.length === 0) return 'no issue says why'
  const isComplete = ({ path, expected, received, message }: ParseIssue) =>
    typeof path === 'string' && [expected, received, message].every(isSaid)
  return issues.every(isComplete) ? null : 'an issue does not say what was expected and what came'
}

function isSaid(text: unknown): boolean {
  return typeof text === 'string' && text.trim() !== ''
}
