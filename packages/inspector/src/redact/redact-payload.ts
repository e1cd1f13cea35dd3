import { isIdentifier, isPlainNumber, isPlainText, REDACTED, wordsOf } from './text.ts'

/** A message as it may be shown, and what was left out. */
export interface RedactedPayload {
  /** Plain data: what JSON can hold. */
  readonly payload: unknown
  /** Dotted paths of what stands as `"[redacted]"` now. */
  readonly redacted: readonly string[]
}

/** Lists and objects inside one another that are shown. */
const MAX_DEPTH = 32

/** Values that are looked at; what comes after them is not shown. An actor may hold a whole program. */
const MAX_VALUES = 20_000

/**
 * Words in a field's name that make everything under it somebody's own: who called, what was said, what
 * was found out, and what opens doors.
 */
const SENSITIVE = new Set(
  [
    'name names phone number numbers mobile msisdn tel email mail address ip city street zip birth dob',
    'user users customer customers contact contacts recipient recipients caller callee lead person people',
    'to from transcript transcripts transcription recording recordings summary message messages text',
    'utterance speech conversation note notes comment comments answer answers question questions reply',
    'body content prompt prompts extracted extraction extractions extract variables metadata custom',
    'context token secret password passwd auth authorization credential credentials key keys apikey',
    'signature cookie session pin otp url uri link href title description subject',
  ].flatMap((line) => line.split(' ')),
)

/** Fields whose names have such a word and whose values tell of no person. */
const HARMLESS = new Set([
  'answered_by_voice_mail',
  'conversation_duration',
  'conversation_time',
  'context_details',
  'message_type',
  'number_of_retries',
])

const TIME_WORDS = new Set(['at', 'time', 'timestamp', 'date', 'since', 'until', 'for', 'ts'])

/**
 * What of a message may be shown to whoever looks at the page. Shown are: names of fields, numbers below a
 * million, truth values, times, UUIDs, and words of fixed lists such as `no-answer` or `OUTBOUND`. Not
 * shown is every other text, every longer number (a phone number has no other shape) that does not stand
 * under the name of a time, and whatever stands under a name that speaks of a person, of what was said or
 * of a secret. Pure; never throws; a value that JSON cannot hold is left out as JSON does.
 *
 * It cannot tell that a word of small letters is a name: such a word is only safe by the name of its field.
 *
 * @example
 * redactPayload({ status: 'busy', to_number: '+12025550123' })
 * // { payload: { status: 'busy', to_number: '[redacted]' }, redacted: ['to_number'] }
 */
export function redactPayload(value: unknown): RedactedPayload {
  const redacted: string[] = []

  const around = new Set<object>()
  let values = 0

  function shown(given: unknown, path: readonly string[], name: string): unknown {
    values++
    const part = plainOf(given)
    if (part === null || typeof part === 'boolean') return part
    if (typeof part === 'number') {
      return isPlainNumber(part, isTimeName(name)) ? part : hidden(path)
    }
    if (typeof part === 'string') return isPlainText(part) ? part : hidden(path)
    if (typeof part !== 'object' || path.length >= MAX_DEPTH) return hidden(path)
    if (around.has(part) || values > MAX_VALUES) return hidden(path)
    around.add(part)
    const inner = Array.isArray(part)
      ? part.map((element, place) => shown(element, [...path, String(place)], name))
      : shownFields(part, path)
    around.delete(part)
    return inner
  }

  function shownFields(fields: object, path: readonly string[]): unknown {
    // Made from entries, so that a field called `__proto__` stays a field.
    return Object.fromEntries(
      entriesOf(fields).map(([name, field]) => {
        if (!isIdentifier(name)) return [REDACTED, hidden([...path, REDACTED])]
        const inner = [...path, name]
        const isEmpty = field === null || field === ''
        if (!isEmpty && isSensitive(name)) return [name, hidden(inner)]
        return [name, shown(field, inner, name)]
      }),
    )
  }

  function hidden(path: readonly string[]): string {
    redacted.push(path.join('.'))
    return REDACTED
  }

  return { payload: shown(value, [], ''), redacted }
}

/** What JSON would hold of a value that has a form of its own for it, such as a `Date` or an XState actor. */
function plainOf(value: unknown): unknown {
  try {
    const toJson: unknown = Reflect.get(Object(value), 'toJSON')
    return typeof toJson === 'function' ? Reflect.apply(toJson, value, []) : value
  } catch {
    return REDACTED
  }
}

function entriesOf(fields: object): readonly (readonly [name: string, field: unknown])[] {
  try {
    return Object.entries(fields).filter(
      ([, field]) => field !== undefined && typeof field !== 'function',
    )
  } catch {
    // A field that throws when it is read.
    return []
  }
}

function isSensitive(name: string): boolean {
  return !HARMLESS.has(name) && wordsOf(name).some((word) => SENSITIVE.has(word))
}

function isTimeName(name: string): boolean {
  return wordsOf(name).some((word) => TIME_WORDS.has(word))
}
