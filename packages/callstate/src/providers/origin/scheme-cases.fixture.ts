import { createHash, createHmac, createPrivateKey, sign } from 'node:crypto'
import type { Delivery } from '../message.ts'
import { basicAuth } from './basic-auth.ts'
import { bearer } from './bearer.ts'
import { bodyHmac } from './body-hmac.ts'
import { type Answer, deliveryOf, textOf, tokenOf } from './delivery.fixture.ts'
import { ed25519 } from './ed25519.ts'
import { jwt } from './jwt.ts'
import { rewrittenJson } from './rewritten-json.ts'
import type { OriginScheme } from './scheme.ts'
import { sharedHeader } from './shared-header.ts'
import { labelled, SEPARATED, single } from './signature-form.ts'
import { sortedAddress, wholeAddress } from './signed-request.ts'
import { timestampedHmac } from './timestamped-hmac.ts'
import { urlFormHmac } from './url-form-hmac.ts'

const YEARS_MS = 10 * 366 * 86_400_000

type Headers = Record<string, string>

/** A scheme, and what `node:crypto` says of it. */
export interface SchemeCase {
  readonly title: string
  readonly scheme: OriginScheme
  /** With which is checked; by default with which is signed. */
  readonly checkKey: (key: string) => string
  readonly keys: readonly [right: string, other: string, another: string]
  readonly delivery: Delivery
  readonly covers: { readonly body: boolean; readonly url: boolean }
  /** What is answered so long after the signature. */
  readonly ages: readonly (readonly [afterMs: number, answer: Answer])[]
  /** Whether one header may hold several signatures. */
  readonly isSeveral: boolean
  /** The headers that prove a delivery, made by `node:crypto`. */
  prove(delivery: Delivery, key: string, now: number): Headers
}

const JSON_DELIVERY = deliveryOf('{ "status" : "caf\u00e9", "duration": 22.0 }\n')
const FORM_DELIVERY = deliveryOf(
  'CallStatus=in-progress&To=%2B12025550124&A=2&A=1&empty=',
  {},
  'application/x-www-form-urlencoded; charset=UTF-8',
)
const TIMELESS: SchemeCase['ages'] = [
  [0, 'ok'],
  [YEARS_MS, 'ok'],
  [-YEARS_MS, 'ok'],
]
const within = (windowMs: number): SchemeCase['ages'] => [
  [0, 'ok'],
  [windowMs - 1, 'ok'],
  [windowMs, 'ok'],
  [windowMs + 1, 'stale'],
  [YEARS_MS, 'stale'],
  [-windowMs, 'ok'],
  [-windowMs - 1, 'stale'],
  [-YEARS_MS, 'stale'],
]
const KEYS = ['a right key', 'another key', 'a right ke'] as const
const defaults = {
  checkKey: (key: string) => key,
  keys: KEYS,
  delivery: JSON_DELIVERY,
  covers: { body: true, url: false },
  ages: TIMELESS,
  isSeveral: false,
} as const

const hex = (key: string, message: string, hash = 'sha256') =>
  createHmac(hash, key).update(message).digest('hex')
const base64 = (key: string, message: string, hash = 'sha256') =>
  createHmac(hash, key).update(message).digest('base64')
const inSeconds = (now: number) => String(now / 1_000)

/** An Ed25519 key pair from a seed, both as base64 of 32 bytes. */
function pairOf(seed: string): { readonly privateKey: string; readonly publicKey: string } {
  const bytes = createHash('sha256').update(seed).digest()
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), bytes])
  const jwk = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' })
  return {
    privateKey: bytes.toString('base64'),
    publicKey: Buffer.from(jwk.x ?? '', 'base64url').toString('base64'),
  }
}
const PAIRS = KEYS.map(pairOf)
const publicKeyOf = (key: string) =>
  PAIRS.find(({ privateKey }) => privateKey === key)?.publicKey ?? ''

export const SCHEME_CASES: readonly SchemeCase[] = [
  {
    ...defaults,
    title: 'a shared header',
    scheme: sharedHeader({ header: 'X-Webhook-Secret' }),
    covers: { body: false, url: false },
    prove: (_, key) => ({ 'x-webhook-secret': key }),
  },
  {
    ...defaults,
    title: 'a bearer token',
    scheme: bearer(),
    covers: { body: false, url: false },
    prove: (_, key) => ({ authorization: `Bearer ${key}` }),
  },
  {
    ...defaults,
    title: 'a bearer token whose word may be missing',
    scheme: bearer({ header: 'x-token', isWordOptional: true }),
    covers: { body: false, url: false },
    prove: (_, key) => ({ 'x-token': `Bearer ${key}` }),
  },
  {
    ...defaults,
    title: 'basic auth',
    scheme: basicAuth(),
    keys: ['user:pass:wörd', 'user:pass', 'user2:pass:wörd'],
    covers: { body: false, url: false },
    prove: (_, key) => ({ authorization: `Basic ${Buffer.from(key).toString('base64')}` }),
  },
  {
    ...defaults,
    title: 'hex HMAC of the body',
    scheme: bodyHmac({ header: 'X-Webhook-Signature', hash: 'SHA-256', encoding: 'hex' }),
    prove: (delivery, key) => ({ 'x-webhook-signature': hex(key, textOf(delivery)) }),
  },
  {
    ...defaults,
    title: 'hex HMAC of the body or of its rewritten form, after a prefix',
    scheme: bodyHmac({
      header: 'x-signature',
      hash: 'SHA-256',
      encoding: 'hex',
      prefix: 'sha256=',
      alsoOver: rewrittenJson,
    }),
    prove: (delivery, key) => ({ 'x-signature': `sha256=${hex(key, textOf(delivery))}` }),
  },
  {
    ...defaults,
    title: 'base64 HMAC-SHA512 of the body with a key in base64',
    scheme: bodyHmac({
      header: 'x-signature',
      hash: 'SHA-512',
      encoding: 'base64',
      keyForm: 'base64',
    }),
    keys: ['AAEC/w==', 'AAEC/g==', 'AAEC'],
    prove: ({ rawBody }, key) => ({
      'x-signature': createHmac('sha512', Buffer.from(key, 'base64'))
        .update(rawBody)
        .digest('base64'),
    }),
  },
  {
    ...defaults,
    title: 'HMAC-SHA1 of address and sorted fields',
    scheme: urlFormHmac({
      header: 'x-url-signature',
      hash: 'SHA-1',
      encoding: 'base64',
      text: wholeAddress,
    }),
    delivery: FORM_DELIVERY,
    covers: { body: true, url: true },
    prove({ url, ...delivery }, key) {
      const fields = [...new Set(textOf({ url, ...delivery }).split('&'))].map((field) =>
        decodeURIComponent(field.replace('=', '')),
      )
      return { 'x-url-signature': base64(key, url + fields.sort().join(''), 'sha1') }
    },
  },
  {
    ...defaults,
    title: 'HMAC-SHA256 of sorted address, fields and nonce',
    scheme: urlFormHmac({
      header: 'x-signature-v3',
      alsoHeader: 'x-signature-ma-v3',
      nonceHeader: 'x-signature-v3-nonce',
      isSeveral: true,
      hash: 'SHA-256',
      encoding: 'base64',
      text: sortedAddress,
    }),
    delivery: FORM_DELIVERY,
    covers: { body: true, url: true },
    isSeveral: true,
    prove(delivery, key, now) {
      const [address = '', query = ''] = delivery.url.split('?')
      const sorted = (text: string) => text.split('&').map(decodeURIComponent).sort()
      const fields = sorted(textOf(delivery)).map((field) => field.replace('=', ''))
      const message = `${address}?${sorted(query).join('&')}.${fields.join('')}.${now}`
      return { 'x-signature-v3': base64(key, message), 'x-signature-v3-nonce': String(now) }
    },
  },
  {
    ...defaults,
    title: 'labelled HMAC with a time in seconds',
    scheme: timestampedHmac({
      header: 'X-Labelled',
      form: labelled({ timestamp: 't', signature: 'v0' }),
      unit: 's',
      signed: '{timestamp}.{body}',
      toleranceMs: 1_800_000,
    }),
    ages: within(1_800_000),
    prove(delivery, key, now) {
      const t = inSeconds(now)
      return { 'x-labelled': `t=${t},v0=${hex(key, `${t}.${textOf(delivery)}`)}` }
    },
  },
  {
    ...defaults,
    title: 'labelled HMAC with a time in milliseconds',
    scheme: timestampedHmac({
      header: 'x-labelled',
      form: labelled({ timestamp: 'v', signature: 'd' }),
      unit: 'ms',
      signed: '{body}{timestamp}',
      toleranceMs: 300_000,
    }),
    ages: within(300_000),
    prove: (delivery, key, now) => ({
      'x-labelled': `v=${now},d=${hex(key, `${textOf(delivery)}${now}`)}`,
    }),
  },
  {
    ...defaults,
    title: 'several HMACs with an ISO time in a header of its own',
    scheme: timestampedHmac({
      header: 'x-signatures',
      timestampHeader: 'X-Timestamp',
      form: SEPARATED,
      unit: 'iso',
      signed: '{body}{timestamp}',
      toleranceMs: 60_000,
    }),
    ages: within(60_000),
    isSeveral: true,
    prove(delivery, key, now) {
      const timestamp = new Date(now).toISOString()
      return {
        'x-signatures': hex(key, textOf(delivery) + timestamp),
        'x-timestamp': timestamp,
      }
    },
  },
  {
    ...defaults,
    title: 'one HMAC after a prefix, its age not looked at',
    scheme: timestampedHmac({
      header: 'x-signature',
      timestampHeader: 'x-timestamp',
      form: single('v1='),
      unit: 's-or-ms',
      signed: '{timestamp}.{body}',
      toleranceMs: null,
      hash: 'SHA-512',
      encoding: 'base64',
    }),
    prove(delivery, key, now) {
      const t = inSeconds(now)
      const signature = base64(key, `${t}.${textOf(delivery)}`, 'sha512')
      return { 'x-signature': `v1=${signature}`, 'x-timestamp': t }
    },
  },
  {
    ...defaults,
    title: 'JWT with the age of the token',
    scheme: jwt({
      authScheme: 'Bearer',
      bodyHash: { claim: 'payload_hash', encoding: 'hex' },
      issuer: 'Acme',
      maxAgeMs: 300_000,
    }),
    ages: within(300_000),
    prove({ rawBody }, key, now) {
      const payload_hash = createHash('sha256').update(rawBody).digest('hex')
      const token = tokenOf(
        key,
        { payload_hash, iss: 'Acme', iat: now / 1_000 },
        { alg: 'HS256', typ: 'JWT' },
      )
      return { authorization: `Bearer ${token}` }
    },
  },
  {
    ...defaults,
    title: 'JWT that names its end',
    scheme: jwt({
      authScheme: null,
      bodyHash: { claim: 'sha256', encoding: 'base64' },
      maxAgeMs: null,
      toleranceMs: 10_000,
      lifetimeMs: 300_000,
    }),
    ages: [
      [0, 'ok'],
      [309_999, 'ok'],
      [310_000, 'stale'],
      [YEARS_MS, 'stale'],
      [-10_000, 'ok'],
      [-10_001, 'stale'],
    ],
    prove({ rawBody }, key, now) {
      const at = now / 1_000
      const sha256 = createHash('sha256').update(rawBody).digest('base64')
      const claims = { sha256, iat: at, nbf: at, exp: at + 300 }
      return { authorization: tokenOf(key, claims, { alg: 'HS256', typ: 'JWT' }) }
    },
  },
  {
    ...defaults,
    title: 'Ed25519',
    scheme: ed25519({
      signatureHeader: 'X-Signature-Ed25519',
      timestampHeader: 'x-timestamp',
      toleranceMs: 300_000,
    }),
    checkKey: publicKeyOf,
    keys: [PAIRS[0]?.privateKey ?? '', PAIRS[1]?.privateKey ?? '', PAIRS[2]?.privateKey ?? ''],
    ages: within(300_000),
    prove({ rawBody }, key, now) {
      const der = Buffer.concat([
        Buffer.from('302e020100300506032b657004220420', 'hex'),
        Buffer.from(key, 'base64'),
      ])
      const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
      const message = Buffer.concat([Buffer.from(`${inSeconds(now)}|`), rawBody])
      return {
        'x-signature-ed25519': sign(null, message, privateKey).toString('base64'),
        'x-timestamp': inSeconds(now),
      }
    },
  },
]
