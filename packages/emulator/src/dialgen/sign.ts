import { createHmac } from 'node:crypto'
import { dialgen } from 'callstate/providers/dialgen'

/** The header of a signed delivery; none without a secret. `body` is what `JSON.stringify` wrote. Pure. */
export function signatureOf(
  body: string,
  secret: string | undefined,
): Readonly<Record<string, string>> {
  if (secret === undefined) return {}
  const { header } = dialgen.delivery.signature
  return { [header]: createHmac('sha256', secret).update(body).digest('hex') }
}
