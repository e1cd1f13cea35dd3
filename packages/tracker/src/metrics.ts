import { type BatchObservableCallback, metrics as global, type Meter } from '@opentelemetry/api'
import type { Decision } from 'callstate'
import { errorName } from './error-name.ts'
import type { Logger } from './logger.ts'
import type { StoreCounts } from './store.ts'
import { unfailing } from './unfailing.ts'

/** What became of a message that brings data; two of them were not kept. */
export type DataResult = 'kept' | 'repeated' | 'unknown-call' | 'too-many'

/** What a tracker counts. Every attribute is a word of a closed list or a name from the options. */
export interface Metrics {
  /** One event was taken in; `repeated` where the very same was stored before. */
  event(provider: string, decision: Decision['kind'], repeated: boolean): void
  /** A message that brings data and no status was taken in. */
  data(provider: string, result: DataResult): void
  /** A message was not kept, since it is of a kind that the provider declares so. */
  skipped(provider: string, kind: string): void
  /** A call left a status after this long, by the provider's clock. */
  timeInStatus(provider: string, status: string, ms: number): void
  /** A webhook was answered with this HTTP status. */
  webhook(provider: string, httpStatus: number): void
  /** A provider was asked about a call. */
  poll(
    provider: string,
    answer: 'news' | 'nothing-new' | 'unknown-call' | 'limited' | 'failed',
  ): void
  /** A consumer's handler was called. */
  handled(consumer: string, result: 'done' | 'retry' | 'dead'): void
  /** Stops asking the store. */
  close(): void
}

/** What the gauges are told by. */
export interface MetricsSource {
  /** What there is to watch over; null where nothing is known yet. */
  readonly counts: () => Promise<StoreCounts | null>
  /** The names of the providers that the tracker knows. */
  readonly providers: readonly string[]
  readonly logger: Logger
  readonly now: () => number
}

/** Metrics as OpenTelemetry instruments; without an SDK in the process they cost next to nothing. */
export function createMetrics(
  source: MetricsSource,
  meter: Meter = global.getMeter('@callstate/tracker'),
): Metrics {
  const instruments = instrumentsOf(meter)
  const { events, data, skipped, status, webhooks, polls, handled } = instruments
  const { overdue, waiting, lag, dead } = instruments
  const observed = [overdue, waiting, lag, dead]
  const observe = observerOf(instruments, source)
  meter.addBatchObservableCallback(observe, observed)

  // Counting must not undo what it counts.
  const quietly = <Args extends readonly unknown[]>(count: (...args: Args) => void) =>
    unfailing(count, (error) =>
      source.logger.warn({ error: errorName(error) }, 'A metric could not be recorded.'),
    )
  return {
    event: quietly((provider, decision, repeated) =>
      events.add(1, { provider, decision, repeated }),
    ),
    data: quietly((provider, result) => data.add(1, { provider, result })),
    skipped: quietly((provider, kind) => skipped.add(1, { provider, kind })),
    timeInStatus: quietly((provider, name, ms) =>
      status.record(ms / 1000, { provider, status: name }),
    ),
    webhook: quietly((provider, httpStatus) =>
      webhooks.add(1, { provider, 'http.response.status_code': httpStatus }),
    ),
    poll: quietly((provider, answer) => polls.add(1, { provider, answer })),
    handled: quietly((consumer, result) => handled.add(1, { consumer, result })),
    close: quietly(() => meter.removeBatchObservableCallback(observe, observed)),
  }
}

type Instruments = ReturnType<typeof instrumentsOf>

function instrumentsOf(meter: Meter) {
  return {
    events: meter.createCounter('callstate.events', {
      description: 'Events taken in, by decision; repeated: the very same was stored before.',
      unit: '{event}',
    }),
    data: meter.createCounter('callstate.data_messages', {
      description: 'Messages that bring data and no status, by what became of them.',
      unit: '{message}',
    }),
    skipped: meter.createCounter('callstate.skipped_messages', {
      description: 'Messages that are not kept, of kinds that their provider declares so.',
      unit: '{message}',
    }),
    status: meter.createHistogram('callstate.status.duration', {
      description: "How long calls stayed in a status, by the provider's clock.",
      unit: 's',
    }),
    webhooks: meter.createCounter('callstate.webhooks', {
      description: 'Webhooks answered, by HTTP status.',
      unit: '{request}',
    }),
    polls: meter.createCounter('callstate.polls', {
      description: 'Questions to providers about overdue calls, by answer.',
      unit: '{request}',
    }),
    handled: meter.createCounter('callstate.consumer.changes', {
      description: 'Changes handed to consumers, by result.',
      unit: '{change}',
    }),
    overdue: meter.createObservableGauge('callstate.calls.overdue', {
      description:
        'Calls that have been silent for longer than their budget, or are over without the data that are expected, by why.',
      unit: '{call}',
    }),
    waiting: meter.createObservableGauge('callstate.consumer.waiting', {
      description: 'Calls with changes that a consumer has not handled yet.',
      unit: '{call}',
    }),
    lag: meter.createObservableGauge('callstate.consumer.lag', {
      description: 'How long the oldest unhandled change has been due.',
      unit: 's',
    }),
    dead: meter.createObservableGauge('callstate.consumer.dead_letters', {
      description: 'Changes that a consumer failed to handle and that were set aside.',
      unit: '{change}',
    }),
  }
}

/** Tells the gauges what the store counts. */
function observerOf(
  { overdue, waiting, lag, dead }: Instruments,
  { counts: countsOf, providers, logger, now }: MetricsSource,
): BatchObservableCallback {
  return async (result) => {
    const at = now()
    try {
      const counts = await countsOf()
      if (counts === null) return
      for (const provider of new Set([...providers, ...counts.overdue.keys()])) {
        const { silent = 0, data = 0 } = counts.overdue.get(provider) ?? {}
        result.observe(overdue, silent, { provider, why: 'silent' })
        result.observe(overdue, data, { provider, why: 'data' })
      }
      for (const [consumer, byProvider] of counts.consumers) {
        // Also what is nothing is told, so that a gauge falls to zero.
        for (const provider of new Set([...providers, ...byProvider.keys()])) {
          const {
            waiting: calls = 0,
            oldestDueAt = null,
            deadLetters = 0,
          } = byProvider.get(provider) ?? {}
          const lagMs = oldestDueAt === null ? 0 : Math.max(0, at - oldestDueAt)
          result.observe(waiting, calls, { consumer, provider })
          result.observe(lag, lagMs / 1000, { consumer, provider })
          result.observe(dead, deadLetters, { consumer, provider })
        }
      }
    } catch (error) {
      const message = 'The store did not tell its counts for the metrics.'
      logger.warn({ error: errorName(error) }, message)
    }
  }
}
