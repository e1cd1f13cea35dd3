/** What the address that a provider dialled is told by. */
export interface DialledOptions {
  /** The request's own address. */
  readonly url: string
  readonly headers: Headers
  /** The option `publicUrl`. */
  readonly publicUrl: string | null
  /** How many trusted proxies the request came through; without any their headers say nothing. */
  readonly hops: number
}

/**
 * The address that the provider dialled: below `publicUrl` where that is given; else as the trusted
 * proxies say by `X-Forwarded-Proto` and `X-Forwarded-Host`; else the request's own. Path and query stay
 * as they came, since signatures are made over them. Pure.
 */
export function dialledUrl({ url, headers, publicUrl, hops }: DialledOptions): string {
  const [, protocol = '', host = '', rest = ''] = /^([a-z]+):\/\/([^/?#]*)(.*)$/i.exec(url) ?? []
  if (publicUrl !== null) return publicUrl + rest
  if (hops === 0) return url
  const proto = forwarded(headers.get('x-forwarded-proto'), hops, /^https?$/i) ?? protocol
  const name = forwarded(headers.get('x-forwarded-host'), hops, HOST) ?? host
  return `${proto.toLowerCase()}://${name}${rest}`
}

const HOST = /^(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

/**
 * The value that the outermost of our proxies wrote: proxies add theirs at the right, or hand on what they
 * got. What stands further left is the sender's own claim.
 */
function forwarded(header: string | null, hops: number, pattern: RegExp): string | null {
  if (header === null) return null
  const values = header.split(',').map((value) => value.trim())
  const value = values.at(-Math.min(hops, values.length)) ?? ''
  return pattern.test(value) ? value : null
}
