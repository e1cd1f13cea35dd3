import { bodyHmac } from '../origin/body-hmac.ts'
import { rewrittenJson } from '../origin/rewritten-json.ts'

/**
 * Dialgen's signature: lower-case hex of an HMAC-SHA256.
 *
 * The documents sign `JSON.stringify(body)`, and verify over the body that a parser has read and
 * written again; whether that differs from the bytes on the wire is not stated. So a signature over
 * either is accepted. The second proves no less: it covers what `JSON.parse` makes of these bytes, and
 * that form is what it proves.
 *
 * Source: https://docs.dialgen.ai/guides/batch-calling/webhooks
 */
export const dialgenSignature = bodyHmac({
  header: 'x-dialgen-signature',
  hash: 'SHA-256',
  encoding: 'hex',
  alsoOver: (rawBody) => rewrittenJson(rawBody),
  key: 'the secret with which Dialgen signs',
})
