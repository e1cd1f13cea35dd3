import { isTerminal, type TerminalStatus } from 'callstate'
import type { Amount } from 'callstate/providers'
import type { CallStep, EmulatedCall } from './call.ts'
import { createLifeline, type Lifeline } from './lifeline.ts'
import type { AttemptPlan } from './plan.ts'
import type { Engine, PlaceRequest, RecordedEnd } from './provider-api.ts'
import type { Random } from './random.ts'
import type { AttemptTruth, CorrectionTruth, DeliveryTruth } from './truth.ts'

/** An attempt whose truth is still being written. */
class LiveAttempt implements AttemptTruth {
  readonly attempt: number
  end: TerminalStatus | null = null
  amount: Amount | null = null
  extraction: { readonly at: number } | null = null
  corrections: readonly CorrectionTruth[] = []

  constructor(attempt: number) {
    this.attempt = attempt
  }
}

/**
 * A call with what moves it. A class, since there may be very many: a getter in an object literal costs
 * every object half a kilobyte.
 */
export class LiveCall implements EmulatedCall {
  readonly id: string
  readonly provider: string
  readonly index: number
  readonly request: PlaceRequest
  readonly createdAt: number
  readonly history: CallStep[] = []
  readonly attempts: LiveAttempt[] = []
  readonly deliveries: DeliveryTruth[] = []
  /** Webhooks that throw the dice of their place; those of corrections have dice of their own. */
  told = 0
  readonly lifeline: Lifeline
  plan: AttemptPlan
  scheduledFor: number | null
  rescheduledFor: number | null = null
  initiatedAt: number | null = null
  /** Stops what comes next. */
  cancelNext: () => void = () => {}
  readonly #streams: Engine['random']

  constructor(
    provider: string,
    index: number,
    request: PlaceRequest,
    at: number,
    streams: Engine['random'],
    planOf: (call: LiveCall, attempt: number) => AttemptPlan,
  ) {
    const { direction, policy, start } = request
    this.#streams = streams
    this.provider = provider
    this.index = index
    this.request = request
    this.createdAt = at
    this.id = request.id(this.random('id'))
    this.lifeline = createLifeline({
      start: direction === 'inbound' ? 'in-progress' : start,
      at,
      direction,
      // Whether a call is put off is checked here, at the right time; the machine is told that it may be.
      isGuarded: true,
      policy,
    })
    this.scheduledFor = start === 'scheduled' ? (request.scheduledFor ?? null) : null
    // Last, since it asks for all the rest.
    this.plan = planOf(this, 1)
  }

  get direction() {
    return this.request.direction
  }

  get destination() {
    return this.request.destination
  }

  get metadata() {
    return this.request.metadata
  }

  get policy() {
    return this.request.policy
  }

  get status() {
    return this.lifeline.status
  }

  get attempt() {
    return this.lifeline.attempt
  }

  get isSettled() {
    return this.lifeline.isSettled
  }

  get ended() {
    return this.lifeline.ended
  }

  get fate() {
    return this.plan.fate
  }

  get line() {
    return this.plan.line
  }

  /** Takes down the step at which the call stands. */
  step(at: number): CallStep {
    const { attempt, status } = this
    const step = { attempt, status, at }
    this.history.push(step)
    if (this.attempts.at(-1)?.attempt !== attempt) this.attempts.push(new LiveAttempt(attempt))
    return step
  }

  /** Takes down what the record says at the end of the latest attempt. */
  end(data: RecordedEnd | undefined, at: number): void {
    const { status } = this
    const live = this.attempts.at(-1)
    if (live === undefined || !isTerminal(status)) return
    live.end = status
    live.amount = data?.amount ?? null
    if (data?.hasExtraction === true) live.extraction = { at }
  }

  random(purpose: string): Random {
    return this.#streams('call', this.index, purpose)
  }
}
