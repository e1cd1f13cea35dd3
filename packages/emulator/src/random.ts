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
  return new Sfc32(seedOf(words.join('\u0000')))
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

/**
 * Chris Doty-Humphrey's small fast counting generator, which is in the public domain. A class, since
 * every webhook has a stream: methods as closures would hold several times the memory.
 */
class Sfc32 implements Random {
  #a: number
  #b: number
  #c: number
  #counter: number

  constructor([a, b, c, counter]: Words128) {
    this.#a = a
    this.#b = b
    this.#c = c
    this.#counter = counter
    for (let round = 0; round < 12; round++) this.next()
  }

  next(): number {
    const result = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + result
    return (result >>> 0) / 2 ** 32
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  whole([least, greatest]: Range): number {
    return least + Math.floor(this.next() * (greatest - least + 1))
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.whole([0, items.length - 1])] ?? items[0]
  }

  hex(digits: number): string {
    let text = ''
    for (let digit = 0; digit < digits; digit++) text += this.whole([0, 15]).toString(16)
    return text
  }

  uuid(): string {
    const variant = (8 + this.whole([0, 3])).toString(16)
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${variant}${this.hex(3)}-${this.hex(12)}`
  }
}
