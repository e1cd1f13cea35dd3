import type { Hono } from 'hono'
import type { EmulatedCall } from '../call.ts'
import type { Engine } from '../provider-api.ts'
import { type Cost, costOf } from './cost.ts'

/** The wallet of the account. */
export interface Account {
  /** Whether a call can be dialed. That it takes more than nothing is our reading. */
  isFunded(): boolean
  /** Takes what a completed call cost. */
  charge(call: EmulatedCall): void
  /** Takes what a correction adds, or gives back what it takes off. */
  correct(before: Cost, now: Cost): void
}

/** What is in the wallet where the options say nothing, in dollars: enough for any test. */
export const DEFAULT_WALLET = 1_000_000

/** The wallet, and the route that shows it: `GET /user/me`, in dollars. */
export function createAccount(engine: Engine, wallet: number, routes: Hono): Account {
  let cents = wallet * 100
  routes.get('/user/me', (c) => {
    const current = engine.calls().filter(({ status }) => ON_LINE.has(status)).length
    return c.json({
      id: engine.random('account').uuid(),
      name: 'Emulated account',
      email: 'account@example.com',
      wallet: Math.round(cents) / 100,
      concurrency: { max: MAX_CONCURRENCY, current },
    })
  })
  return {
    isFunded: () => cents > 0,
    charge(call) {
      if (call.status === 'completed') cents -= costOf(call).total
    },
    correct(before, now) {
      cents += before.total - now.total
    },
  }
}

const ON_LINE: ReadonlySet<string> = new Set(['initiated', 'ringing', 'in-progress'])

/** Shown, and not enforced: every queued call is dialed in its time. */
const MAX_CONCURRENCY = 1_000_000
