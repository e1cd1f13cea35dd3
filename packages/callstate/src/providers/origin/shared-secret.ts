import { soleHeader } from '../sole-header.ts'
import { isSame, sha256 } from './bytes.ts'
import { guarded } from './guarded.ts'
import { type OriginScheme, PASSED, refused } from './scheme.ts'

/** How a header shows a secret. */
export interface SharedSecret {
  readonly name: string
  readonly title: string
  readonly key: string
  readonly header: string
  /** What the header holds in the place of the secret, which is not empty; null for what holds none. */
  read(value: string): Uint8Array | null
  /** The secret, as `read` gives it. */
  bytesOf(key: string): Uint8Array
  write(key: string): string
}

/**
 * A scheme whose header shows a secret that both sides know. It compares digests, each to its end, so
 * that the time it takes tells neither how much of a guess is right nor how long the secret is.
 */
export function sharedSecret({ name, title, key, ...secret }: SharedSecret): OriginScheme {
  const header = secret.header.toLowerCase()
  return guarded({
    name,
    title,
    key,
    header,
    async checkHead({ headers }, { keys }) {
      const given = soleHeader(headers, header)
      if (!given.ok) return refused(given.reason)
      const shown = secret.read(given.value)
      if (shown === null) return refused('wrong')
      const digest = await sha256(shown)
      let isFound = false
      for (const one of keys) {
        isFound = isSame(await sha256(secret.bytesOf(one)), digest) || isFound
      }
      return isFound ? PASSED : refused('wrong')
    },
    sign: (_, signing) => ({ [header]: secret.write(signing.key) }),
  })
}
