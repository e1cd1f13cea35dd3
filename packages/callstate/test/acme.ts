import { createHmac } from 'node:crypto'
import { defineProvider, type Provider } from '../src/providers/index.ts'
import type { ProviderSamples, SampleDelivery } from '../src/testing/index.ts'

export const ACME_FILE = new URL('../../../docs/examples/acme.js', import.meta.url)

/** The made-up provider of the documentation, loaded by its path as a user's own provider is. */
export async function loadAcme(): Promise<Provider> {
  const { default: declaration } = await import(ACME_FILE.href)
  return defineProvider(declaration)
}

const AT = 1_769_421_600_000
const FORM = 'application/x-www-form-urlencoded'
/** A field of several words and one with an accent, which a form escapes. */
const RINGING = 'Kind=status&CallId=call-1&Status=RINGING&Try=1&At=1769421602000&EventId=e-2&Seq=2'

/** Written by hand, as Acme's page would show them. */
const batch: SampleDelivery = {
  contentType: `${FORM}; charset=UTF-8`,
  body: [
    'Kind=status',
    ...['CallId=call-1', 'Status=TALKING', 'Try=1', 'At=1769421609000', 'EventId=e-3', 'Seq=3'],
    'Duration=',
    ...['CallId=call-1', 'Status=COMPLETED', 'Try=1', 'At=1769421651000', 'EventId=e-4', 'Seq=4'],
    'Duration=42.5',
    'Note=two+words%2C+caf%C3%A9',
  ].join('&'),
}

const URL_OF_HOOK = 'https://receiver.example/webhooks/acme?tenant=7'
const TOKEN = 'a made-up token'

/** By another hand than Acme's: fields sorted by name, the later of two names with one name last. */
function signatureOf(method: string, url: string, form: string, seconds: number): string {
  const pairs = form === '' ? [] : form.split('&')
  const nameOf = (pair: string) => pair.slice(0, pair.indexOf('='))
  const sorted = pairs.toSorted((a, b) =>
    nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b)),
  )
  const text = `${seconds}\n${method} ${url}\n${sorted.join('&')}`
  return `t=${seconds},v=${createHmac('sha256', TOKEN).update(text).digest('hex')}`
}

function signed(delivery: SampleDelivery & { readonly url: string; readonly body?: string }) {
  const { method = 'POST', url, body = '' } = delivery
  const signature = signatureOf(method, url, body, AT / 1000)
  return {
    delivery: { ...delivery, headers: { 'x-acme-signature': signature } },
    key: TOKEN,
    now: AT,
    covers: ['method', 'url', 'body'],
    goodForMs: 300_000,
  } as const
}

/** Messages of Acme, one of each kind. */
export const acmeSamples: ProviderSamples = {
  messages: [
    {
      name: 'a status by POST',
      delivery: {
        contentType: FORM,
        body: 'Kind=status&CallId=call-1&Status=QUEUED&Try=1&At=1769421600000&EventId=e-1&Seq=1',
      },
      expect: {
        callId: 'call-1',
        status: 'queued',
        word: 'QUEUED',
        attempt: 1,
        occurredAt: AT,
        kind: 'webhook',
        eventId: 'e-1',
        sequence: 1,
      },
      kindAt: ['Kind'],
    },
    {
      name: 'a status by GET',
      delivery: { method: 'GET', url: `https://receiver.example/webhooks?${RINGING}` },
      expect: { status: 'ringing', occurredAt: AT + 2_000 },
      kindAt: ['Kind'],
    },
    {
      name: 'two events in one form',
      delivery: batch,
      expect: {
        events: [
          { status: 'in-progress', eventId: 'e-3', sequence: 3, occurredAt: AT + 9_000 },
          { status: 'completed', eventId: 'e-4', sequence: 4, occurredAt: AT + 51_000 },
        ],
      },
      kindAt: ['Kind'],
    },
    {
      name: 'a call that was answered, and waits for what to do',
      delivery: {
        method: 'GET',
        url: 'https://receiver.example/webhooks?Kind=answer&CallId=call-2&Status=TALKING&EventId=e-5',
      },
      expect: { callId: 'call-2', status: 'in-progress', needsAnswer: true, occurredAt: null },
      kindAt: ['Kind'],
    },
    {
      name: 'a recording',
      delivery: {
        contentType: FORM,
        body: 'Kind=recording&CallId=call-1&Try=1&At=1769421660000&EventId=e-6&RecordingUrl=https%3A%2F%2Facme.example%2Fr%2F1',
      },
      expect: { reads: 'data', word: 'recording', callId: 'call-1', attempt: 1, eventId: 'e-6' },
    },
    {
      name: 'a line of a transcript',
      delivery: {
        contentType: FORM,
        body: 'Kind=transcript&CallId=call-1&EventId=e-7&Text=Good+morning',
      },
      expect: { reads: 'skip', word: 'transcript' },
    },
    {
      name: 'a kind of message that is not known',
      delivery: {
        contentType: FORM,
        body: 'Kind=survey&CallId=call-1&Status=COMPLETED&EventId=e-8',
      },
      expect: { status: null, word: 'survey', callId: 'call-1' },
      kindAt: ['Kind'],
    },
    {
      name: 'a record',
      kind: 'record',
      body: { CallId: 'call-3', Status: 'BUSY', Try: 2, At: AT, Duration: 0, Price: null },
      expect: { status: 'busy', attempt: 2, occurredAt: AT, kind: 'record' },
    },
    {
      name: 'a record with its price',
      kind: 'record',
      body: {
        CallId: 'call-5',
        Status: 'COMPLETED',
        Try: 1,
        At: AT,
        Duration: 42.5,
        Price: 22,
        Note: 'café',
      },
      expect: { status: 'completed', attempt: 1, occurredAt: AT, kind: 'record' },
    },
    {
      name: 'a record of which the kind is not said',
      body: { CallId: 'call-3', Status: 'UNANSWERED', Try: 1, At: AT - 60_000 },
      expect: { status: 'no-answer', kind: 'record' },
    },
    {
      name: 'the reply to a request that stops a call',
      kind: 'stop-reply',
      body: { CallId: 'call-4', Status: 'CANCELED', Try: 1, At: AT },
      expect: { status: 'canceled', kind: 'stop-reply' },
    },
  ],
  signed: [
    signed({
      url: URL_OF_HOOK,
      contentType: FORM,
      body: 'Kind=status&CallId=call-1&Status=QUEUED',
    }),
    signed({
      url: URL_OF_HOOK,
      contentType: FORM,
      body: 'CallId=b&Kind=status&CallId=a&Status=QUEUED&Status=BUSY',
    }),
    signed({ method: 'GET', url: `https://receiver.example/webhooks?${RINGING}` }),
  ],
}
