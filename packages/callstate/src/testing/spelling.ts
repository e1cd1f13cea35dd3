import fc from 'fast-check'
import { byName } from '../providers/body/parameters.ts'

/** Who writes a body: languages write the same message in their own ways. */
export type BodyWriter =
  | 'javascript'
  | 'python'
  | 'python-compact'
  | 'php'
  | 'go'
  | 'java'
  | 'gson'
  | 'dotnet'
  | 'indented'

/** How one body is written. It means the same in every spelling. */
export interface Spelling {
  readonly writer: BodyWriter
  /** By how many places its keys or fields are turned; 0 leaves their order. */
  readonly turn: number
  /** Whether whole numbers are written as what they are where they came from: `22.0`. */
  readonly floats: boolean
}

/**
 * A spelling of a body: key order, white space, numbers such as `22.0` and `1.0E16`, escapes such as
 * `\/` and `\u00e9`, as back ends in other languages write them. Shrinks towards what `JSON.stringify`
 * writes.
 *
 * @example
 * fc.assert(fc.property(spelling(), (spelled) => JSON.parse(writeJson({ a: 1 }, spelled)).a === 1))
 */
export function spelling(): fc.Arbitrary<Spelling> {
  return fc.record({
    writer: fc.constantFrom(...WRITER_NAMES),
    turn: fc.nat({ max: 9 }),
    floats: fc.boolean(),
  })
}

/** Writes plain data as JSON in one of the spellings; `JSON.parse` reads the same of each. Pure. */
export function writeJson(value: unknown, spelled: Spelling): string {
  const writer = WRITERS[spelled.writer]
  const write = (inner: unknown, depth: number): string => {
    if (typeof inner === 'string') return quoted(inner, writer)
    if (typeof inner === 'number') return numberText(inner, writer, spelled.floats)
    if (typeof inner !== 'object' || inner === null) return JSON.stringify(inner) ?? 'null'
    const parts = Array.isArray(inner)
      ? inner.map((element) => write(element, depth + 1))
      : turned(Object.entries(inner), spelled.turn).map(
          ([key, one]) => quoted(key, writer) + writer.colon + write(one, depth + 1),
        )
    const [open, close] = Array.isArray(inner) ? '[]' : '{}'
    if (parts.length === 0) return `${open}${close}`
    const [before, between, after] = breaksAt(writer, depth)
    return `${open}${before}${parts.join(between)}${after}${close}`
  }
  return write(value, 0)
}

/**
 * Writes the fields of a form, or of a query, in one of the spellings: their order, `+` or `%20`, what is
 * escaped, and in which case. Fields of one name keep their order. Pure.
 *
 * @example
 * writeForm([['a', 'x y']], { writer: 'python', turn: 0, floats: false }) // 'a=x+y'
 */
export function writeForm(
  fields: readonly (readonly [name: string, value: string])[],
  { writer, turn }: Spelling,
): string {
  const escaped = FORM_ESCAPES[writer]
  const ordered = turn === 0 ? fields : turned(Object.entries(byName(fields)), turn).flatMap(each)
  return ordered.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&')
}

function each([name, values]: readonly [string, string | readonly string[]]) {
  return [values].flat().map((value) => [name, value] as const)
}

/** How one language writes JSON. */
interface JsonWriter {
  readonly comma: string
  readonly colon: string
  /** The white space before each element of an object or a list, once for each level. */
  readonly indent: string | null
  /** What is written as `\uXXXX`, besides what JSON wants escaped. */
  readonly escaped: RegExp
  readonly hex: 'lower' | 'upper'
  readonly slash: '/' | '\\/'
  readonly quote: '\\"' | '\\u0022'
  /** From where on numbers have an exponent, and below where. */
  readonly exponents: readonly [below: number, from: number]
  readonly exponent: (mantissa: string, sign: '' | '-', digits: string) => string
}

const NOTHING = /(?!)/
const BEYOND_ASCII = /[^\0-\x7f]/g
const OF_HTML = /[<>&\u2028\u2029]/g
const compact = {
  comma: ',',
  colon: ':',
  indent: null,
  hex: 'lower',
  slash: '/',
  quote: '\\"',
  exponents: [1e-4, 1e16],
} as const
const withDigits = (mantissa: string, sign: string, digits: string) =>
  `${mantissa}e${sign || '+'}${digits.padStart(2, '0')}`
const javaDouble = (mantissa: string, sign: string, digits: string) =>
  `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${sign}${digits}`

/** After `json.dumps`, PHP's `json_encode`, Go's `encoding/json`, Jackson, Gson and System.Text.Json. */
const WRITERS: Readonly<Record<BodyWriter, JsonWriter>> = {
  javascript: {
    ...compact,
    escaped: NOTHING,
    exponents: [1e-6, 1e21],
    exponent: (m, s, d) => `${m}e${s || '+'}${d}`,
  },
  python: { ...compact, comma: ', ', colon: ': ', escaped: BEYOND_ASCII, exponent: withDigits },
  'python-compact': { ...compact, escaped: NOTHING, exponent: withDigits },
  php: {
    ...compact,
    escaped: BEYOND_ASCII,
    slash: '\\/',
    exponent: (m, s, d) => `${m.includes('.') ? m : `${m}.0`}e${s || '+'}${d}`,
  },
  go: { ...compact, escaped: OF_HTML, exponent: (m, s, d) => `${m}e${s || '+'}${d}` },
  java: { ...compact, escaped: NOTHING, exponent: javaDouble },
  gson: { ...compact, escaped: /[<>&='\u2028\u2029]/g, exponent: javaDouble },
  dotnet: {
    ...compact,
    escaped: /[^\0-\x7f]|[+&<>'`]/g,
    hex: 'upper',
    quote: '\\u0022',
    exponent: (m, s, d) => `${m}E${s || '+'}${d.padStart(2, '0')}`,
  },
  indented: { ...compact, colon: ': ', indent: '  ', escaped: NOTHING, exponent: withDigits },
}

const WRITER_NAMES = Object.keys(WRITERS) as readonly BodyWriter[]

function quoted(text: string, { escaped, hex, slash, quote }: JsonWriter): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('/', slash)
  const quotes = inner.replace(/\\./g, (pair) => (pair === '\\"' ? quote : pair))
  const written = quotes.replace(escaped, (letters) => {
    const codes = Array.from({ length: letters.length }, (_, at) => letters.charCodeAt(at))
    const units = codes.map((code) => code.toString(16).padStart(4, '0'))
    return units.map((unit) => `\\u${hex === 'upper' ? unit.toUpperCase() : unit}`).join('')
  })
  return `"${written}"`
}

function numberText(number: number, writer: JsonWriter, floats: boolean): string {
  if (!Number.isFinite(number)) return 'null'
  const size = Math.abs(number)
  const [below, from] = writer.exponents
  if (size >= from || (size > 0 && size < below)) {
    const [mantissa = '', power = ''] = number.toExponential().split('e')
    return writer.exponent(mantissa, power.startsWith('-') ? '-' : '', power.slice(1))
  }
  const whole = Object.is(number, -0) ? '-0' : String(number)
  return Number.isInteger(number) && floats ? `${whole}.0` : whole
}

/** What stands before the first element, between two and after the last one. */
function breaksAt(
  { indent, comma }: JsonWriter,
  depth: number,
): readonly [before: string, between: string, after: string] {
  if (indent === null) return ['', comma, '']
  const line = `\r\n${indent.repeat(depth + 1)}`
  return [line, comma + line, `\r\n${indent.repeat(depth)}`]
}

function turned<Item>(items: readonly Item[], turn: number): readonly Item[] {
  const by = items.length === 0 ? 0 : turn % items.length
  return [...items.slice(by), ...items.slice(0, by)]
}

const plus = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)
const percent = (text: string) => plus(text).replaceAll('+', '%20')
const lowerCase = (text: string) => plus(text).replace(/%../g, (hex) => hex.toLowerCase())
/** RFC 3986 leaves hyphen, dot, underscore and tilde; some escape all but letters and digits. */
const strict = (text: string) => {
  const escaped = percent(text).replace(/[-._*~]/g, (letter) => {
    return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`
  })
  return escaped.replaceAll('%7E', '~')
}

/** How each escapes a name or a value of a form; all of it is read as the same. */
const FORM_ESCAPES: Readonly<Record<BodyWriter, (text: string) => string>> = {
  javascript: plus,
  python: plus,
  'python-compact': percent,
  php: plus,
  go: plus,
  java: lowerCase,
  gson: lowerCase,
  dotnet: percent,
  indented: strict,
}
