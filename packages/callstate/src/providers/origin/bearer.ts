import { utf8 } from './bytes.ts'
import type { OriginScheme } from './scheme.ts'
import { sharedSecret } from './shared-secret.ts'

/** How a token comes. */
export interface BearerOptions {
  /** `authorization` by default. */
  readonly header?: string
  /** Whether the token may also come without the word `Bearer` before it; not by default. */
  readonly isWordOptional?: boolean
  /** `bearer` by default. */
  readonly name?: string
  /** What a key is, in words. */
  readonly key?: string
}

/**
 * A token that both sides know, after the word `Bearer`, which is read in any letter case. It proves who
 * sends, and nothing of what is sent.
 *
 * @example
 * bearer() // Authorization: Bearer <token>
 */
export function bearer({
  header = 'authorization',
  isWordOptional = false,
  name = 'bearer',
  key = 'the token that is sent after the word Bearer',
}: BearerOptions = {}): OriginScheme {
  return sharedSecret({
    name,
    title: 'a bearer token',
    key,
    header,
    read(value) {
      const token = bearerToken(value)
      return token === null && isWordOptional ? utf8(value) : token === null ? null : utf8(token)
    },
    bytesOf: utf8,
    write: (token) => `Bearer ${token}`,
  })
}

/** What stands after the word `Bearer`; null where the word is missing. Pure. */
export function bearerToken(value: string): string | null {
  return /^bearer +(\S.*)$/i.exec(value)?.[1] ?? null
}
