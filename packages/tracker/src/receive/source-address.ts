import ipaddr from 'ipaddr.js'

/** An address of either kind; an IPv4 address in IPv6 form is an IPv4 address. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Addresses from the first to the last with these leading bits. */
export interface AddressRange {
  readonly address: Address
  readonly prefixLength: number
}

const MAPPED_PREFIX_LENGTH = 96

/**
 * Reads an address as connections and proxies write it: with or without a port, IPv6 with or without
 * brackets. Null for everything else, and for numbers with leading zeros, which some read as octal. Pure.
 */
export function parseAddress(text: string): Address | null {
  const [, bracketed, dotted] =
    /^\s*(?:\[([^[\]]*)\](?::\d{1,5})?|([\d.]+):\d{1,5})\s*$/.exec(text) ?? []
  const bare = bracketed ?? dotted ?? text.trim()
  const isIPv6 = bare.includes(':')
  if (bracketed !== undefined && !isIPv6) return null
  const fourParts = bare.slice(bare.lastIndexOf(':') + 1)
  if (!isIPv6 || fourParts.includes('.')) {
    if (!ipaddr.IPv4.isValidFourPartDecimal(fourParts)) return null
  }
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null
}

/**
 * Reads an address or a range in CIDR form. Null for everything else, and for a range of all
 * addresses, which tells nobody from anybody. Pure.
 */
export function parseRange(text: string): AddressRange | null {
  const [, base = text, bits] = /^(.*)\/(\d{1,3})$/.exec(text) ?? []
  // A port has no place in a range.
  const address = /[[\]\s]/.test(base) || /\..*:/.test(base) ? null : parseAddress(base)
  if (address === null) return null
  const isMapped = address.kind() === 'ipv4' && base.includes(':')
  const width = address.kind() === 'ipv4' ? 32 : 128
  const written = bits === undefined ? undefined : Number(bits)
  const prefixLength =
    written === undefined ? width : written - (isMapped ? MAPPED_PREFIX_LENGTH : 0)
  return prefixLength >= 1 && prefixLength <= width ? { address, prefixLength } : null
}

/** Whether an address lies in one of the ranges. Pure. */
export function isInRanges(address: Address, ranges: readonly AddressRange[]): boolean {
  return ranges.some(
    (range) =>
      range.address.kind() === address.kind() && address.match(range.address, range.prefixLength),
  )
}

/** Where a delivery comes from. */
export interface Source {
  /** Null where it cannot be told. */
  readonly address: Address | null
  /** How many trusted proxies it came through. */
  readonly hops: number
}

/**
 * Where a delivery comes from: the address of its connection, and behind trusted proxies the one that
 * they report. `X-Forwarded-For` is read from the right, where each proxy adds whom it heard from, and
 * only as far as trusted proxies reach; what stands further left is the sender's own claim. Pure.
 */
export function sourceOf(
  remoteAddress: string,
  forwardedFor: string | null,
  trustedProxies: readonly AddressRange[],
): Source {
  const reported = forwardedFor === null ? [] : forwardedFor.split(',')
  let address = parseAddress(remoteAddress)
  let hops = 0
  while (address !== null && isInRanges(address, trustedProxies)) {
    hops++
    const hop = reported.pop()
    if (hop === undefined) break
    address = parseAddress(hop)
  }
  return { address, hops }
}
