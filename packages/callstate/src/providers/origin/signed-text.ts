import { CallstateError } from '../../error.ts'
import { joined } from './bytes.ts'

/** What is signed: text in which `{timestamp}` and `{body}` stand for what came, byte for byte. */
export type SignedText = string

/**
 * The bytes that are signed. Pure.
 *
 * @example
 * signedBytes('{timestamp}.{body}', '1700000000', rawBody)
 */
export function signedBytes(
  text: SignedText,
  timestamp: string,
  rawBody: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const parts = text
    .split(/(\{timestamp\}|\{body\})/)
    .map((part) => (part === '{timestamp}' ? timestamp : part === '{body}' ? rawBody : part))
  return joined(...parts)
}

/** Throws a `CallstateError` with the code `invalid-provider` for text that would not prove both. */
export function assertSignedText(text: SignedText): void {
  if (text.split('{timestamp}').length === 2 && text.split('{body}').length === 2) return
  throw new CallstateError(
    'invalid-provider',
    'A scheme of origin cannot be made: expected {timestamp} and {body} once each in what is signed.',
  )
}
