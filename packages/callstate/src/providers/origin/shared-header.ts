import { utf8 } from './bytes.ts'
import type { OriginScheme } from './scheme.ts'
import { sharedSecret } from './shared-secret.ts'

/** In which header a secret comes. */
export interface SharedHeaderOptions {
  readonly header: string
  /** `secret` by default. */
  readonly name?: string
  /** What a key is, in words. */
  readonly key?: string
}

/**
 * A secret in a header of its own, as it is. It proves who sends, and nothing of what is sent; a delivery
 * that somebody has seen can be sent again for ever.
 *
 * @example
 * sharedHeader({ header: 'x-webhook-secret' })
 */
export function sharedHeader({
  header,
  name = 'secret',
  key = `the secret in the header ${header}`,
}: SharedHeaderOptions): OriginScheme {
  return sharedSecret({
    name,
    title: 'a shared secret in a header',
    key,
    header,
    read: utf8,
    bytesOf: utf8,
    write: (secret) => secret,
  })
}
