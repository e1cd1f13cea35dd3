import { type Pair, valuesByName } from '../body/parameters.ts'

/** What of a request a signature over its address and its fields covers. */
export interface SignedRequest {
  readonly method: string
  /** As the provider dialled it, without a fragment. */
  readonly url: string
  /** Those of a form, in the order in which they came; empty for every other body. */
  readonly fields: readonly Pair[]
  /** Null where the provider sends none. */
  readonly nonce: string | null
}

/** The texts of which one was signed; the first is the one that we would sign. */
export type RequestText = (request: SignedRequest) => readonly string[]

/**
 * The whole address, then each field's name and value, sorted by name; a name that came several times
 * has its distinct values, sorted. Nothing stands between them. The address counts with and without its
 * port, as it came, as `URL` writes it, and with its query escaped anew: this sender is of several minds.
 * Pure; never throws.
 *
 * Source: twilio-node, src/webhooks/webhooks.ts
 */
export const wholeAddress: RequestText = ({ url, fields }) => {
  const written = sorted(fields).map(([name, values]) =>
    [...new Set(values)].map((value) => name + value).join(''),
  )
  const addresses = [url, normal(url), withQueryAnew(normal(url))].flatMap(withAndWithoutPort)
  return [...new Set(addresses)].map((address) => address + written.join(''))
}

/**
 * The address, its query sorted and unescaped; each field's name and value, sorted; a dot; the nonce. A
 * question mark stands before the query, or before the fields where there is no query; a dot between
 * query and fields. The address counts with and without its port. Pure; never throws.
 *
 * Source: plivo-node, lib/utils/v3Security.js
 */
export const sortedAddress: RequestText = ({ url, fields, nonce }) => {
  const mark = url.indexOf('?')
  const address = mark < 0 ? url : url.slice(0, mark)
  const pairs = mark < 0 ? [] : [...new URLSearchParams(url.slice(mark + 1))]
  const query = sorted(pairs)
    .flatMap(([name, values]) => values.map((value) => `${name}=${value}`))
    .join('&')
  const written = sorted(fields)
    .flatMap(([name, values]) => values.map((value) => name + value))
    .join('')
  const isBoth = query !== '' && written !== ''
  const rest = query === '' && written === '' ? '' : `?${query}${isBoth ? '.' : ''}${written}`
  return withAndWithoutPort(address).map((one) => `${one}${rest}.${nonce ?? ''}`)
}

/** By name, and the values of each name, in the order of their UTF-16 code units. */
function sorted(pairs: readonly Pair[]): readonly (readonly [string, readonly string[]])[] {
  return [...valuesByName(pairs)]
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([name, values]) => [name, [...values].sort()] as const)
}

const STANDARD_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

function withAndWithoutPort(url: string): readonly string[] {
  const [, scheme = '', host = '', port, rest = ''] =
    /^([a-z]+):\/\/((?:[^/?@]*@)?(?:\[[^\]]*\]|[^/?:]*))(:\d+)?(.*)$/is.exec(url) ?? []
  const standard = STANDARD_PORTS[scheme.toLowerCase()]
  if (standard === undefined) return [url]
  return [
    ...new Set([
      url,
      `${scheme}://${host}${rest}`,
      `${scheme}://${host}${port ?? `:${standard}`}${rest}`,
    ]),
  ]
}

/** The address as `URL` writes it; itself where it is none. */
function normal(url: string): string {
  try {
    return new URL(url).href
  } catch {
    return url
  }
}

/** The address with its query read and escaped again, as Node's `querystring` does. */
function withQueryAnew(url: string): string {
  const mark = url.indexOf('?')
  if (mark < 0) return url
  const pairs = [...new URLSearchParams(url.slice(mark + 1))]
  const query = pairs.map(([name, value]) =>
    [encodeURIComponent(name), encodeURIComponent(value)].join('='),
  )
  return `${url.slice(0, mark)}?${query.join('&')}`
}
