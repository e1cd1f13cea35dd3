/** A stream of pseudo-random numbers. */
export interface Random {
  /** At least 0, below 1. */
  next(): number
  /** True with this probability, 0 to 1. Draws one number, whatever the probability. */
  chance(probability: number): boolean
  /** A whole number, both ends included. */
  whole(range: Range): number
  pick<Item>(items: readonly [Item, ...Item[]]): Item
  /** This many digits 0 to f. */
  hex(digits: number): string
  /** A version 4 UUID. */
  uuid(): string
}

/** The least and the greatest value. */
export type Range = readonly [least: number, greatest: number]

/**
 * The stream that these words make: the same words, the same stream, whatever else was drawn. So the
 * calls of one run do not depend on each other, nor on the order of what happens to them. Pure.
 *
 * @example
 * randomOf('seed 7', 'call', 3).whole([1, 6])
 */
export function randomOf(...words: readonly (string | number)[]): Random {
  const next = sfc32(seedOf(words.join('\u0000')))
  const whole = ([least, greatest]: Range) => least + Math.floor(next() * (greatest - least + 1))
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => whole([0, 15]).toString(16)).join('')
  return {
    next,
    chance: (probability) => next() < probability,
    whole,
    pick: (items) => items[whole([0, items.length - 1])] ?? items[0],
    hex,
    uuid() {
      const variant = (8 + whole([0, 3])).toString(16)
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`
    },
  }
}

type Words128 = readonly [number, number, number, number]

/** Four hashes of a text (FNV-1a from four offsets, mixed), so that near texts give far streams. */
function seedOf(text: string): Words128 {
  const hash = (offset: number) => {
    let value = offset
    for (let at = 0; at < text.length; at++) {
      value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
    }
    value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
    value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
    return (value ^ (value >>> 16)) >>> 0
  }
  return [hash(0x811c9dc5), hash(0x9e3779b9), hash(0x243f6a88), hash(0xb7e15162)]
}

/** Chris Doty-Humphrey's small fast counting generator, which is in the public domain. */
function sfc32([first, second, third, fourth]: Words128): () => number {
  let a = first
  let b = second
  let c = third
  let counter = fourth
  const next = () => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + result
    return (result >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 12; round++) next()
  return next
}
