import { type CallFilter, GROUP_CHOICES, NO_FILTER, STATUS_CHOICES } from './call-filter.ts'
import { CALL_ORDERS, type CallOrder } from './call-order.ts'

/** What the page shows. All of it stands in the address, so that a reload and a link keep it. */
export interface Route {
  /** Key of the call that is open; null for none. */
  readonly call: string | null
  /** How many of the call's events are taken as heard; null follows the latest. */
  readonly step: number | null
  readonly filter: CallFilter
  readonly order: CallOrder
}

/** The page as it opens. */
export const HOME: Route = { call: null, step: null, filter: NO_FILTER, order: 'findings' }

/**
 * Reads the part of an address from `#` on. What it does not know it leaves at its default. Pure;
 * never throws.
 *
 * @example
 * parseRoute('#/calls/bolna%20a1?step=3&status=busy').step // 3
 */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#/, '').split(/\?(.*)/s)
  const words = new URLSearchParams(search)
  const oneOf = <Word extends string>(name: string, choices: readonly Word[]) =>
    choices.find((choice) => choice === words.get(name)) ?? null
  const call = path.startsWith(CALLS) ? decoded(path.slice(CALLS.length)) : ''
  return {
    call: call === '' ? null : call,
    step: call === '' ? null : stepOf(words.get('step')),
    filter: {
      query: words.get('q') ?? '',
      status: oneOf('status', STATUS_CHOICES),
      group: oneOf('group', GROUP_CHOICES),
      provider: words.get('provider') || null,
      overdue: words.has('overdue'),
      findings: words.has('findings'),
    },
    order: oneOf('order', CALL_ORDERS) ?? HOME.order,
  }
}

/**
 * The address of a view; `parseRoute` reads it back. Pure.
 *
 * @example
 * routeHash({ ...HOME, call: 'bolna a1' }) // '#/calls/bolna%20a1'
 */
export function routeHash({ call, step, filter, order }: Route): string {
  const words = new URLSearchParams()
  if (call !== null && step !== null) words.set('step', String(step))
  if (filter.query !== '') words.set('q', filter.query)
  if (filter.status !== null) words.set('status', filter.status)
  if (filter.group !== null) words.set('group', filter.group)
  if (filter.provider !== null) words.set('provider', filter.provider)
  if (filter.overdue) words.set('overdue', '1')
  if (filter.findings) words.set('findings', '1')
  if (order !== HOME.order) words.set('order', order)
  const search = words.size === 0 ? '' : `?${words}`
  return `#${call === null ? '/' : CALLS + encodeURIComponent(call)}${search}`
}

const CALLS = '/calls/'

function stepOf(text: string | null): number | null {
  const step = Number(text ?? Number.NaN)
  return Number.isSafeInteger(step) && step >= 1 ? step : null
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Cut off in the middle of a character: no call has such a key.
    return ''
  }
}
