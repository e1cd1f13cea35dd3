import type { HangupParty } from '../call.ts'
import type { Amount, SaidFields } from './final-data.ts'
import { valueAtPointer } from './json-pointer.ts'
import type { ProviderEvent } from './message.ts'
import type { Provider } from './provider.ts'

type Draft = { -readonly [Field in keyof SaidFields]: SaidFields[Field] }

/**
 * What one message says of each field of final data. `body` is what is kept of it: of a message that
 * tells several events the part of this one. A part of the answer that a provider's code gives wrong,
 * such as a cost of NaN, or that it throws instead of, is not said: nobody is billed by it, and where it
 * is expected it is missed. Whether it is final, `habits.final` says of the end. Pure; never throws.
 *
 * @example
 * finalFieldsIn(bolna, event, { status: 'completed', total_cost: '22.99' }).cost
 * // { amount: 22.99, currency: null, unit: 'cent' }
 */
export function finalFieldsIn(
  provider: Pick<Provider, 'finalData'>,
  event: Pick<ProviderEvent, 'status' | 'details'>,
  body: unknown,
): SaidFields {
  const said: Draft = {}
  quietly(() => addDetails(said, event.details ?? {}))
  quietly(() => addCost(said, provider.finalData?.cost?.(body)))
  for (const field of REFERENCES) {
    quietly(() => {
      const pointer = provider.finalData?.[field]?.find((one) => isSaid(valueAtPointer(body, one)))
      if (pointer !== undefined) said[field] = pointer
    })
  }
  return said
}

const REFERENCES = ['recording', 'transcript', 'extraction'] as const

/** A provider may be anybody's code, and a message without JSON may be anything. */
function quietly(add: () => void): void {
  try {
    add()
  } catch {
    // It is not said.
  }
}

function addDetails(said: Draft, details: NonNullable<ProviderEvent['details']>): void {
  const { talkMs, hangupBy, reason, voicemail } = details
  if (Number.isFinite(talkMs) && talkMs !== undefined && talkMs >= 0) said.durationMs = talkMs
  if (hangupBy !== undefined && Object.hasOwn(PARTIES, hangupBy)) said.hangupBy = hangupBy
  if (typeof reason === 'string' && reason !== '') said.reason = reason
  if (typeof voicemail === 'boolean') said.voicemail = voicemail
}

const PARTIES = {
  caller: true,
  callee: true,
  agent: true,
  api: true,
  carrier: true,
  provider: true,
  unknown: true,
} as const satisfies Record<HangupParty, true>

function addCost(said: Draft, cost: Amount | null | undefined): void {
  if (cost === null || cost === undefined || !isAmount(cost)) return
  const { amount, currency, unit } = cost
  // Adding zero turns -0 into 0.
  said.cost = { amount: amount + 0, currency, unit }
}

/** Whether it is finite and in a currency, or else in a unit, and in no more than one of them. Pure. */
export function isAmount({ amount, currency, unit }: Amount): boolean {
  if (!Number.isFinite(amount)) return false
  if (unit === null) return typeof currency === 'string' && CURRENCY.test(currency)
  return currency === null && typeof unit === 'string' && unit !== ''
}

/** As ISO 4217 writes them. */
const CURRENCY = /^[A-Z]{3}$/

/** Providers say null, and text, a list or an object without anything in it, where they mean nothing. */
function isSaid(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}
