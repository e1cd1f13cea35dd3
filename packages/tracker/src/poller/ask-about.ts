import type { ParseIssue } from 'callstate/providers'
import type { TrackedCall } from '../calls/tracked-call.ts'
import type { TrackerContext } from '../context.ts'
import { isTrackerError, TrackerError } from '../error.ts'
import { errorName } from '../error-name.ts'
import type { IngestResult } from '../intake/ingest.ts'
import type { ReadAnswer } from '../intake/take-in.ts'
import type { Sleep } from '../sleep.ts'
import type { FetchAnswer, Fetcher } from './fetcher.ts'

/** What one question led to. `askAt` is the stored call's after the answer. */
export type Asked =
  | { readonly kind: 'news' | 'nothing-new'; readonly askAt: number | null }
  | { readonly kind: 'unknown-call' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number | null }
  /** No answer that can be used; `why` may be logged. */
  | { readonly kind: 'failed'; readonly why: string }

/** How long a question may take, and what ends it early. */
export interface AskLimits {
  readonly timeoutMs: number
  readonly sleep: Sleep
  readonly signal: AbortSignal
}

/**
 * Asks about one call and takes the answer in, as a record. What is no record of this very call is
 * refused: nothing of it is stored. Never throws.
 */
export async function askAbout(
  context: TrackerContext,
  fetcher: Fetcher,
  row: TrackedCall,
  limits: AskLimits,
): Promise<Asked> {
  try {
    const answer = await askInTime(fetcher, row, context.now(), limits)
    switch (answer.kind) {
      case 'message':
        return heard(await context.answers.takeAnswer(recordOf(context, row, answer.body)), row)
      case 'unknown-call':
      case 'limited':
        return answer
      default: {
        const never: never = answer
        throw new TrackerError('ask-failed', `The answer has no known kind: ${typeof never}.`)
      }
    }
  } catch (error) {
    return { kind: 'failed', why: reasonOf(error) }
  }
}

async function askInTime(
  fetcher: Fetcher,
  row: TrackedCall,
  now: number,
  { timeoutMs, sleep, signal }: AskLimits,
): Promise<FetchAnswer> {
  const asking = new AbortController()
  const timing = new AbortController()
  const stop = () => asking.abort(new TrackerError('closed', 'The poller was stopped.'))
  signal.addEventListener('abort', stop)
  const ended = new Promise<never>((_, reject) => {
    asking.signal.addEventListener('abort', () => reject(asking.signal.reason))
  })
  // Where the fetcher throws at once, nobody else listens.
  ended.catch(() => {})
  try {
    if (signal.aborted) stop()
    void sleep(timeoutMs, timing.signal).then(() => {
      const why = `The provider did not answer within ${timeoutMs} ms.`
      if (!timing.signal.aborted) asking.abort(new TrackerError('ask-failed', why))
    })
    const { callId, firstReceivedAt: openedAt } = row
    // A fetcher that does not heed the signal must not hold up the others.
    return await Promise.race([
      ended,
      fetcher.fetch({ callId, openedAt, now, signal: asking.signal }),
    ])
  } finally {
    timing.abort()
    signal.removeEventListener('abort', stop)
  }
}

/** The answer, read as the record that was asked for. */
function recordOf(
  { answers }: TrackerContext,
  { provider, callId }: TrackedCall,
  body: unknown,
): ReadAnswer {
  const answer = answers.readAnswer(provider, body, 'record')
  if (!answer.ok) throw noRecord(answer.issues)
  const { reading } = answer
  if (!reading.ok) throw noRecord(reading.issues)
  if (reading.type !== 'events') throw noRecord([])
  if (reading.events.some((event) => event.callId !== callId)) {
    throw new TrackerError('ask-failed', 'The answer is about another call than the question.')
  }
  return answer
}

function noRecord(issues: readonly ParseIssue[]): TrackerError {
  const why = issues.map(({ message }) => message).join(' ')
  return new TrackerError('ask-failed', `The answer is no event of a call. ${why}`.trimEnd())
}

function heard(result: IngestResult, { askAt }: TrackedCall): Asked {
  if (!result.ok) {
    const issues = result.issues.map(({ message }) => message).join(' ')
    return { kind: 'failed', why: `The answer could not be taken in. ${issues}` }
  }
  if (result.type !== 'events') return { kind: 'nothing-new', askAt }
  const isKnown = result.events.every(
    ({ decision, repeated }) => repeated || (decision.kind === 'duplicate' && !decision.enriched),
  )
  return { kind: isKnown ? 'nothing-new' : 'news', askAt: result.call.askAt }
}

/** Why it failed, in words that hold nothing of a payload or a secret: only our own errors speak. */
function reasonOf(error: unknown): string {
  return isTrackerError(error) ? error.message : errorName(error)
}
