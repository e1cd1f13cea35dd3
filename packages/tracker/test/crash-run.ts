import fc from 'fast-check'
import { problemsOf, readLeft } from './crash-check.ts'
import { type CrashSender, createCrashSender, type SendCounts } from './crash-sender.ts'
import type { CrashWriterOptions } from './crash-writer.ts'
import { startNode } from './node-process.ts'

/** What a crash run did and found. */
export interface CrashReport extends Readonly<SendCounts> {
  readonly seed: number
  readonly kills: number
  /** Deliveries that were under way at the moments of the kills. */
  readonly inFlight: number
  readonly calls: number
  /** How often a consumer handled a change, and how often one that it had handled before. */
  readonly handled: number
  readonly handledAgain: number
  /** Everything that does not hold, in words. */
  readonly problems: readonly string[]
}

export interface CrashRunOptions extends CrashWriterOptions {
  readonly kills: number
  readonly seed: number
  readonly onKill?: (kills: number) => void
}

/** When a receiver is killed. */
type Kill =
  | { readonly during: 'start'; readonly afterMs: number }
  | { readonly during: 'work'; readonly afterSent: number; readonly afterMs: number }

const duringStart = fc.record({
  during: fc.constant('start' as const),
  afterMs: fc.nat({ max: 500 }),
})
const duringWork = fc.record({
  during: fc.constant('work' as const),
  afterSent: fc.integer({ min: 1, max: 60 }),
  // About as long as storing takes, so that any step of it can be the last.
  afterMs: fc.nat({ max: 8 }),
})
const kill: fc.Arbitrary<Kill> = fc.noBias(
  fc.oneof({ arbitrary: duringStart, weight: 1 }, { arbitrary: duringWork, weight: 7 }),
)

/**
 * Sends deliveries to a receiver that is killed and started again as often as wanted, repeats what was
 * not acknowledged, and compares at the end what is stored and what was handled with what was sent.
 */
export async function crashRun(options: CrashRunOptions): Promise<CrashReport> {
  const { address, handledPath, kills, seed, onKill = () => {} } = options
  const writer: CrashWriterOptions = { address, handledPath }
  const sender = createCrashSender(seed)
  let inFlight = 0
  for (const [place, plan] of fc.sample(kill, { seed, numRuns: kills }).entries()) {
    inFlight += await liveUntil(plan, writer, sender)
    onKill(place + 1)
  }
  await liveToTheEnd(writer, sender)
  const left = await readLeft(writer)
  const { sent, acknowledged, counts } = sender
  const keys = new Set(left.handled.map(([, , key]) => key))
  return {
    seed,
    kills,
    inFlight,
    calls: sent.size,
    ...counts,
    handled: left.handled.length,
    handledAgain: left.handled.length - keys.size,
    problems: problemsOf(left, sent, acknowledged),
  }
}

/** One life of the receiver, up to the kill. Resolves to how many deliveries were under way then. */
async function liveUntil(
  plan: Kill,
  writer: CrashWriterOptions,
  sender: CrashSender,
): Promise<number> {
  const child = startNode('./crash-writer.ts', writer)
  let inFlight = 0
  const killLater = () =>
    setTimeout(() => {
      inFlight = sender.inFlight
      child.kill()
    }, plan.afterMs)
  if (plan.during === 'start') killLater()
  const port = await child.line()
  let sent = 0
  const onSend = () => {
    if (plan.during === 'work' && ++sent === plan.afterSent) killLater()
  }
  if (port !== null) await sender.send(Number(port), { isOver: () => !child.isAlive, onSend })
  await mustBeKilled(child.ended)
  return inFlight
}

/** The last life: everything is delivered before it is killed too. */
async function liveToTheEnd(writer: CrashWriterOptions, sender: CrashSender): Promise<void> {
  const child = startNode('./crash-writer.ts', writer)
  const port = Number(await child.line())
  await sender.sendTheRest(port, { isOver: () => !child.isAlive })
  child.kill()
  await mustBeKilled(child.ended)
}

async function mustBeKilled(ended: Promise<number | null>): Promise<void> {
  const code = await ended
  if (code !== null) throw new Error(`The receiver ended by itself, with code ${code}.`)
}
