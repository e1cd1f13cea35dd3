import type { CallStatus } from '../../lifecycle.ts'
import { dedupeKeyOf } from '../dedupe-key.ts'
import { defineProvider, type StatusMeaning, type StatusWord } from '../provider.ts'
import { bolnaDelivery } from './delivery.ts'
import { parseBolnaEvent, recognizesBolna } from './event.ts'

const own = <Status extends CallStatus>(status: Status) => ({ word: status, status, loss: null })

/** Bolna's words are ours: nothing is translated, nothing is lost. */
const WORDS = {
  scheduled: own('scheduled'),
  prepared: own('prepared'),
  queued: own('queued'),
  rescheduled: own('rescheduled'),
  initiated: own('initiated'),
  ringing: own('ringing'),
  'in-progress': own('in-progress'),
  'call-disconnected': own('call-disconnected'),
  completed: own('completed'),
  'balance-low': own('balance-low'),
  busy: own('busy'),
  'no-answer': own('no-answer'),
  canceled: own('canceled'),
  failed: own('failed'),
  stopped: own('stopped'),
  error: own('error'),
} as const satisfies { readonly [Status in CallStatus]: StatusWord & StatusMeaning }

/**
 * Bolna Voice AI (https://www.bolna.ai). `parse` reads webhooks, records, rows of lists and replies
 * into events and tells them apart by shape; see `parseBolnaEvent`. Deliveries are not signed: trust
 * rests on the source addresses in `delivery`.
 *
 * `dedupeKey` holds what an event says, but for its reason. Bolna gives no event id and advises `id` +
 * `status`, which loses later attempts and the second delivery of an end that brings what the first
 * had not yet. Transcript, costs and extraction are no part of an event: who stores payloads should
 * keep the latest of them, not the first of a key.
 *
 * @example
 * const parsed = bolna.parse({ id: '4b3c…', status: 'ringing' })
 * if (parsed.ok) call = observe(call, parsed.value).call
 */
export const bolna = defineProvider({
  name: 'bolna',
  title: 'Bolna',
  statuses: WORDS,
  words: WORDS,
  delivery: bolnaDelivery,
  recognizes: recognizesBolna,
  parse: (body: unknown) => parseBolnaEvent(body),
  dedupeKey: dedupeKeyOf,
})
