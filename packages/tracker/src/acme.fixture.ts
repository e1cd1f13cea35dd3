import { createHmac } from 'node:crypto'
import { type Delivery, defineProvider, type Provider } from 'callstate/providers'

/** The made-up provider of the documentation, loaded by its path as a user's own provider is. */
const { default: declaration } = await import(
  new URL('../../../docs/examples/acme.js', import.meta.url).href
)

export const acme: Provider = defineProvider(declaration)

/** What Acme counts its time from in these tests: 26 January 2026, 10:00 UTC. */
export const ACME_AT = 1_769_421_600_000

export const ACME_TOKEN = 'a made-up token'

/** Fields of a form in their order; several events have the same names several times. */
export type Fields = readonly (readonly [name: string, value: string])[]

/** The fields of one event of a call; the event's number makes its identifier, and its time a second later each. */
export function statusFields(callId: string, word: string, seq: number): Fields {
  return [
    ['CallId', callId],
    ['Status', word],
    ['Try', '1'],
    ['At', String(ACME_AT + seq * 1000)],
    ['EventId', `${callId}-e${seq}`],
    ['Seq', String(seq)],
  ]
}

/** A form with one event, or with several. */
export function statusForm(...events: readonly Fields[]): string {
  return formOf([['Kind', 'status'], ...events.flat()])
}

/** The news of a recording: data of its call. */
export function recordingForm(callId: string, name: string, attempt = 1): string {
  return formOf([
    ['Kind', 'recording'],
    ['CallId', callId],
    ['Try', String(attempt)],
    ['At', String(ACME_AT + 60_000)],
    ['EventId', `${callId}-${name}`],
    ['RecordingUrl', `https://acme.example/r/${name}`],
  ])
}

/** Written by hand, and not as a form's encoder would: every reserved character is escaped. */
export function formOf(fields: Fields): string {
  return fields.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
}

/** A delivery of a form, not signed. */
export function delivered(body: string, receivedAt = ACME_AT): Delivery {
  return {
    method: 'POST',
    url: 'https://receiver.example/webhooks/acme',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    remoteAddress: null,
    receivedAt,
    rawBody: new TextEncoder().encode(body),
  }
}

/** Acme's signature, by another hand than Acme's: over time, method, address and the fields sorted by name. */
export function acmeSignature(
  method: string,
  url: string,
  form: string,
  atMs = ACME_AT,
  token = ACME_TOKEN,
): string {
  const seconds = Math.floor(atMs / 1000)
  const pairs = form === '' ? [] : form.split('&')
  const nameOf = (pair: string) => pair.slice(0, pair.indexOf('='))
  const sorted = pairs.toSorted((a, b) =>
    nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b)),
  )
  // A form's encoder writes a blank as a plus.
  const fields = sorted.join('&').replaceAll('%20', '+')
  const text = `${seconds}\n${method} ${url}\n${fields}`
  return `t=${seconds},v=${createHmac('sha256', token).update(text).digest('hex')}`
}
