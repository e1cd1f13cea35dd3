import type { DataMessage, ParseIssue, ProviderEvent, Reading } from '../../providers/message.ts'
import { isMessageKind, type MessageKind } from '../../providers/message.ts'
import type { Provider } from '../../providers/provider.ts'
import { isCallStatus } from '../../status.ts'

/**
 * What is wrong with an answer of `read`, as half a sentence; null where nothing is. `kind` is the kind of
 * message that `read` was told.
 */
export function whatIsWrongWithReading(
  reading: Reading,
  provider: Provider,
  kind: MessageKind | null,
): string | null {
  if (!reading.ok) return whatIsWrongWithIssues(reading.issues)
  switch (reading.type) {
    case 'events': {
      if (!Array.isArray(reading.events) || reading.events.length === 0) return 'it tells no event'
      const wrong = reading.events.map((event) => whatIsWrongWith(event, provider, kind))
      return wrong.find((why) => why !== null) ?? null
    }
    case 'data':
      return whatIsWrongWithData(reading.data, provider, kind)
    case 'skip':
      return whatIsWrongWithWord(reading.word, 'skip', provider)
    default:
      return 'it is neither events nor data nor skipped'
  }
}

/** What is wrong with an event, as half a sentence; null where nothing is. */
export function whatIsWrongWith(
  event: ProviderEvent,
  provider: Provider,
  kind: MessageKind | null,
): string | null {
  const { status, word, earlier = [] } = event
  if (status !== null && !isCallStatus(status)) return 'its status is none of the 16 and not null'
  if (status !== null && provider.lacks.includes(status)) {
    return `its status is ${status}, which the provider is said to lack`
  }
  if (!isSaid(word)) return 'it has no word of the provider'
  const isTold = earlier.every(
    (one) => isAttempt(one.attempt) && (isCallStatus(one.status) || isSaid(one.word)),
  )
  if (!isTold) return 'an earlier end that it mentions has no attempt, or neither status nor word'
  return whatIsWrongWithPlace(event, provider, kind)
}

function whatIsWrongWithData(
  data: DataMessage,
  provider: Provider,
  kind: MessageKind | null,
): string | null {
  return (
    whatIsWrongWithWord(data.word, 'data', provider) ?? whatIsWrongWithPlace(data, provider, kind)
  )
}

function whatIsWrongWithWord(
  word: string,
  what: 'data' | 'skip',
  { kinds }: Provider,
): string | null {
  const isDeclared = Object.hasOwn(kinds, word) && kinds[word] === what
  return isDeclared ? null : `its word is not one that the provider declares as "${what}"`
}

/** What is wrong with where and when something was said. */
function whatIsWrongWithPlace(
  said: ProviderEvent | DataMessage,
  provider: Provider,
  kind: MessageKind | null,
): string | null {
  const { attempt = null, occurredAt = null, eventId, sequence } = said
  if (said.provider !== provider.name) return 'it names another provider'
  if (!isSaid(said.callId)) return 'it names no call'
  if (!isMessageKind(said.kind)) return 'its kind of message is none of the known ones'
  if (kind !== null && said.kind !== kind) return 'its kind of message is not the one that was told'
  if (attempt !== null && !isAttempt(attempt)) return 'its attempt is no whole number from 1 on'
  if (occurredAt !== null && !Number.isFinite(occurredAt)) return 'its time is no finite number'
  if (eventId !== undefined && !isSaid(eventId)) return 'its event id is empty or no text'
  if (sequence !== undefined && !Number.isSafeInteger(sequence)) {
    return 'its sequence number is no whole number'
  }
  return null
}

/** What is wrong with the issues of a refused message, as half a sentence; null where nothing is. */
function whatIsWrongWithIssues(issues: readonly ParseIssue[]): string | null {
  if (!Array.isArray(issues) || issues.length === 0) return 'no issue says why'
  const isComplete = ({ path, expected, received, message }: ParseIssue) =>
    Array.isArray(path) && [expected, received, message].every(isSaid)
  return issues.every(isComplete) ? null : 'an issue does not say what was expected and what came'
}

function isAttempt(attempt: unknown): boolean {
  return Number.isSafeInteger(attempt) && Number(attempt) >= 1
}

function isSaid(text: unknown): boolean {
  return typeof text === 'string' && text.trim() !== ''
}
