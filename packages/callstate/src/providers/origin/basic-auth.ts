import { decoded, encoded, utf8 } from './bytes.ts'
import type { OriginScheme } from './scheme.ts'
import { sharedSecret } from './shared-secret.ts'

/** How user and password are named. */
export interface BasicAuthOptions {
  /** `basic` by default. */
  readonly name?: string
  /** What a key is, in words. */
  readonly key?: string
}

const COLON = 0x3a

/**
 * User and password in the header `Authorization` (RFC 7617), in UTF-8. Keys are `user:password`. It proves
 * who sends, and nothing of what is sent.
 *
 * @example
 * basicAuth()
 */
export function basicAuth({
  name = 'basic',
  key = 'user and password, as user:password',
}: BasicAuthOptions = {}): OriginScheme {
  return sharedSecret({
    name,
    title: 'user and password',
    key,
    header: 'authorization',
    read(value) {
      const bytes = decoded(/^basic +(\S+)$/i.exec(value)?.[1] ?? '', 'base64')
      return bytes?.includes(COLON) ? bytes : null
    },
    bytesOf: utf8,
    write: (secret) => `Basic ${encoded(utf8(secret), 'base64')}`,
  })
}
