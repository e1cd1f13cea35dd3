import { type CallStatus, isTerminal, phaseOf } from 'callstate'
import type { CallStep } from './call.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { Fate } from './fate.ts'
import { LiveCall } from './live-call.ts'
import { type AttemptPlan, type PlannedStep, planAttempt } from './plan.ts'
import type { Engine, Message, ProviderSide } from './provider-api.ts'
import { type Random, type Range, randomOf } from './random.ts'
import { drawnFate, fixedFate, type Scenario } from './scenario.ts'
import type { Scheduler } from './scheduler.ts'
import type { CallTruth, DeliveryTruth } from './truth.ts'
import { correctionMs, type Weather } from './weather.ts'
import type { Sender } from './webhooks.ts'

/** How long after an unreached end the record says that another attempt is planned, in milliseconds. Our reading. */
const RETRY_PLANNED_MS: Range = [1_000, 3_000]
/** From the queue to the check of the calling hours, in milliseconds. Our reading of "when a call is triggered". */
const HOURS_CHECK_MS: Range = [500, 1_500]
const HOUR_MS = 3_600_000
/** A call that fate puts off waits for the next full hour that is at least this far, in milliseconds. Our reading. */
const LEAST_PUT_OFF_MS = 60_000

/** What an engine stands on. */
export interface EngineOptions {
  readonly provider: string
  readonly sender: Sender
  readonly seed: string
  readonly scheduler: Scheduler
  readonly dispatcher: Dispatcher
  readonly scenario: Scenario
  readonly weather: Weather
  /** The side that the engine serves; made with the engine, so known only once both are there. */
  readonly side: () => ProviderSide
}

/** An engine with what the emulator itself wants to know. */
export interface EngineWithTruth extends Engine {
  callTruths(): readonly CallTruth[]
  otherDeliveries(): readonly DeliveryTruth[]
}

/** The engine of one provider side. */
export function createEngine(options: EngineOptions): EngineWithTruth {
  const { provider, sender, seed, scheduler, dispatcher, scenario } = options
  const byId = new Map<string, LiveCall>()
  const all: LiveCall[] = []
  const others: DeliveryTruth[] = []
  const random = (...words: readonly (string | number)[]) => randomOf(seed, provider, ...words)

  const order = (message: Message, event: DeliveryTruth['event'], about: string, stream: Random) =>
    dispatcher.send({ message, event, about, random: stream, sender })
  const announce = (call: LiveCall) => {
    const side = options.side()
    const step = call.step(scheduler.now())
    for (const message of side.messagesOf(call)) tell(call, step, message)
    if (!isTerminal(step.status)) return
    call.end(side.dataOf?.(call), step.at)
    if (step.status === 'completed') correctLater(call, step)
  }
  const tell = (call: LiveCall, step: CallStep, message: Message, dice?: string) => {
    if (!isHttpUrl(message.url)) return
    const stream = call.random(dice ?? `delivery ${call.told++}`)
    call.deliveries.push(order(message, step, `${provider}/${call.id}`, stream))
  }
  const correctLater = createCorrections(options, tell)
  const plan = (call: LiveCall, attempt: number) =>
    planOf(call, attempt, scenario, options.side().fates)
  const life = createLife({ scheduler, announce, planOf: plan })

  return {
    now: scheduler.now,
    at: scheduler.at,
    random,
    call: (id) => byId.get(id),
    calls: () => all,
    place: (request) =>
      scheduler.atOnce(() => {
        const index = all.length
        const call = new LiveCall(provider, index, request, scheduler.now(), random, plan)
        byId.set(call.id, call)
        all.push(call)
        request.onPlaced?.(call)
        life.begin(call)
        return call
      }),
    queue(call) {
      const live = byId.get(call.id)
      if (live?.status === 'prepared') life.enterQueue(live)
    },
    end(call, status) {
      const live = byId.get(call.id)
      if (live === undefined || phaseOf(live.status) !== 'waiting') return false
      live.cancelNext()
      scheduler.atOnce(() => life.enter(live, status))
      return true
    },
    tell(call, message) {
      const live = byId.get(call.id)
      const step = live?.history.at(-1)
      if (live !== undefined && step !== undefined) tell(live, step, message)
    },
    noteExtraction(call) {
      const attempt = byId.get(call.id)?.attempts.at(-1)
      if (attempt !== undefined) attempt.extraction = { at: scheduler.now() }
    },
    send(about, message) {
      if (!isHttpUrl(message.url)) return
      const stream = random('message', about, others.length)
      others.push(order(message, about, `${provider}/${about}`, stream))
    },
    callTruths: () => all.map(truthOf),
    otherDeliveries: () => others,
  }
}

/** Corrects the cost of an attempt that has just ended, at its time, where the weather wants it. */
function createCorrections(
  { scheduler, weather, side }: Pick<EngineOptions, 'scheduler' | 'weather' | 'side'>,
  tell: (call: LiveCall, step: CallStep, message: Message, dice: string) => void,
): (call: LiveCall, end: CallStep) => void {
  return (call, end) => {
    // Dice of its own, so that what else happens to the call is the same with a correction and without.
    const stream = call.random(`correction ${end.attempt}`)
    const lagMs = correctionMs(weather, stream)
    const correct = lagMs === null ? undefined : side().correctionOf?.(call)
    const attempt = call.attempts.at(-1)
    if (lagMs === null || correct === undefined || attempt === undefined) return
    scheduler.at(end.at + lagMs, () => {
      const { amount, messages } = correct(stream)
      attempt.corrections = [...attempt.corrections, { at: scheduler.now(), amount }]
      for (const [place, message] of messages.entries()) {
        tell(call, end, message, `correction ${end.attempt} ${place}`)
      }
    })
  }
}

interface LifeOptions {
  readonly scheduler: Scheduler
  readonly announce: (call: LiveCall) => void
  readonly planOf: (call: LiveCall, attempt: number) => AttemptPlan
}

/** How calls go from status to status, each at its time. */
function createLife({ scheduler, announce, planOf }: LifeOptions) {
  const enter = (call: LiveCall, status: CallStatus) => {
    call.lifeline.enter(status, scheduler.now(), call.plan.line.isVoicemail)
    if (status === 'initiated') call.initiatedAt = scheduler.now()
    announce(call)
    const { retryAt } = call.lifeline
    if (retryAt === null) return
    const pauseMs = call.random(`retry ${call.attempt}`).whole(RETRY_PLANNED_MS)
    next(call, scheduler.now() + Math.min(pauseMs, retryAt - scheduler.now()), () =>
      reopen(call, retryAt),
    )
  }
  const next = (call: LiveCall, at: number, action: () => void) => {
    call.cancelNext = scheduler.at(at, action)
  }
  const walk = (call: LiveCall, steps: readonly PlannedStep[]) => {
    const [step, ...rest] = steps
    if (step === undefined) return
    next(call, scheduler.now() + step.afterMs, () => {
      enter(call, step.status)
      walk(call, rest)
    })
  }
  const reopen = (call: LiveCall, retryAt: number) => {
    call.lifeline.retry(scheduler.now())
    call.plan = planOf(call, call.lifeline.attempt)
    call.scheduledFor = retryAt
    call.rescheduledFor = null
    call.initiatedAt = null
    announce(call)
    next(call, retryAt, () => enterQueue(call))
  }
  const enterQueue = (call: LiveCall) => {
    enter(call, 'queued')
    const pauseMs = call.random(`hours ${call.history.length}`).whole(HOURS_CHECK_MS)
    next(call, scheduler.now() + pauseMs, () => checkHours(call))
  }
  const checkHours = (call: LiveCall) => {
    const now = scheduler.now()
    const allowedAt = hoursOf(call)(now)
    if (allowedAt === now) return dialOrRefuse(call)
    call.rescheduledFor = allowedAt
    enter(call, 'rescheduled')
    if (allowedAt !== null) next(call, allowedAt, () => enterQueue(call))
  }
  const dialOrRefuse = (call: LiveCall) => {
    if (call.request.isFunded?.() === false) return enter(call, 'balance-low')
    walk(call, call.plan.waiting.length > 0 ? call.plan.waiting : call.plan.dialed)
  }
  const begin = (call: LiveCall) => {
    announce(call)
    if (call.direction === 'inbound') return walk(call, call.plan.dialed.slice(1))
    if (call.status === 'prepared') return
    if (call.status === 'scheduled') {
      return next(call, call.scheduledFor ?? scheduler.now(), () => enterQueue(call))
    }
    const pauseMs = call.random('hours').whole(HOURS_CHECK_MS)
    next(call, scheduler.now() + pauseMs, () => checkHours(call))
  }
  return { begin, enter, enterQueue }
}

/** The calling hours of a call: those of its side, and what its fate makes of them. */
function hoursOf(call: LiveCall): (time: number) => number | null {
  const { allowedAt = (time: number) => time } = call.request
  if (call.fate !== 'rescheduled' || call.rescheduledFor !== null) return allowedAt
  return (time) => allowedAt(Math.ceil((time + LEAST_PUT_OFF_MS) / HOUR_MS) * HOUR_MS)
}

function planOf(
  call: LiveCall,
  attempt: number,
  scenario: Scenario,
  among: readonly Fate[],
): AttemptPlan {
  const { destination, metadata, direction, policy } = call
  const question = { destination, metadata, direction, among }
  const fate =
    fixedFate(scenario, question) ?? drawnFate(scenario, question, call.random(`fate ${attempt}`))
  const plan = planAttempt(fate, direction, call.random(`plan ${attempt}`))
  const maxAttempts = policy?.maxAttempts ?? 1
  if (fate !== 'retried') return plan
  const reachedIn = maxAttempts === 1 ? 2 : call.random('reached').whole([2, maxAttempts])
  if (attempt >= reachedIn) return plan
  const retryable = (['no-answer', 'busy', 'failed', 'error'] as const).filter((end) =>
    policy?.retryOn.includes(end),
  )
  const [first = 'no-answer', ...rest] = retryable
  const stream = call.random(`miss ${attempt}`)
  return { ...planAttempt(stream.pick([first, ...rest]), direction, stream), fate }
}

function truthOf(call: LiveCall): CallTruth {
  const { provider, id, status, attempt, isSettled, fate, direction } = call
  const { history, attempts, deliveries } = call
  return {
    provider,
    id,
    status,
    attempt,
    isSettled,
    fate,
    direction,
    history,
    attempts,
    deliveries,
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
