import { isTrackerError } from '../error.ts'
import { isDefaultLogger, type Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import { type Answer, refuse } from './answer.ts'
import { isRefusal, refusalOf } from './refusal.ts'

/** What was done with a delivery, for its sender and for the log. */
export interface Answered {
  readonly answer: Answer
  /** The provider's name; left out where it is not known. */
  readonly provider?: string
  /** The provider's proof of origin that did not hold. */
  readonly scheme?: string | null
  readonly error?: unknown
}

/** What was done with a delivery whose proof of origin does not hold. Pure. */
export function unproven({
  reason,
  scheme,
}: {
  readonly reason: 'missing' | 'wrong' | 'stale'
  readonly scheme: string | null
}): Answered {
  return { answer: refuse(`${reason}-signature`), scheme }
}

/** Makes what counts and logs every answer. What it calls may throw: that changes no answer. */
export function createReport({
  metrics,
  logger,
}: {
  readonly metrics: Pick<Metrics, 'webhook'>
  readonly logger: Logger
}): (answered: Answered) => void {
  const shown = new Set<string>()

  /** Who has no log would look for a mistake of their own at the provider. */
  function show(mistake: string): void {
    if (!isDefaultLogger(logger) || shown.has(mistake)) return
    shown.add(mistake)
    console.error(`@callstate/tracker: ${mistake}`)
  }

  function report({ answer, provider = 'unknown', scheme, error }: Answered): void {
    const { status, reason } = answer
    metrics.webhook(provider, status)
    // Not the error itself: it may quote what was to be stored.
    const code = isTrackerError(error) ? { code: error.code } : {}
    const fields = { provider, status, reason, ...(scheme && { scheme }), ...code }
    const { mistake } = isRefusal(reason) ? refusalOf(reason) : {}
    if (mistake !== undefined) {
      logger.error(fields, mistake)
      show(mistake)
    } else if (!isRefusal(reason)) logger.debug(fields, 'A webhook was taken in.')
    else if (status >= 500) logger.error(fields, 'A webhook could not be stored.')
    else logger.warn(fields, 'A webhook was refused.')
  }

  return (answered) => {
    try {
      report(answered)
    } catch {
      // The delivery is stored or refused by now.
    }
  }
}
