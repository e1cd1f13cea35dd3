import type { ZodError } from 'zod'
import type { ParseIssue } from './message.ts'

/** One complaint of a schema; zod's own type, reached through the error that carries it. */
type ZodIssue = ZodError['issues'][number]

/**
 * Says what is wrong with one place of a message: what was expected, the kind of thing that came, and
 * what to do. `value` itself is never repeated. A `path` may be given as dotted text. Pure; never throws.
 *
 * @example
 * issue('callId', 'text', 12).message
 * // 'callId: expected text, got number. Pass the message as the provider sent it.'
 */
export function issue(
  path: string | ParseIssue['path'],
  expected: string,
  value: unknown,
  hint = 'Pass the message as the provider sent it.',
): ParseIssue {
  const received = kindOf(value)
  const keys = typeof path === 'string' ? path.split('.').filter((key) => key !== '') : path
  const where = keys.length === 0 ? 'The message' : keys.join('.')
  return {
    path: keys,
    expected,
    received,
    message: `${where}: expected ${expected}, got ${received}. ${hint}`,
  }
}

/**
 * A schema's complaints as issues. `input` is what the schema was given: from it the kind of what came
 * is read, since zod's issues do not say it. `under` is where it stands in the message. Zod's own
 * messages are left out, except those of a schema's author, which stand for what was expected. Pure;
 * never throws.
 *
 * @example
 * const result = schema.safeParse(body)
 * if (!result.success) return { ok: false, issues: issuesFromZod(result.error, body) }
 */
export function issuesFromZod(
  error: Pick<ZodError, 'issues'>,
  input: unknown,
  under: readonly string[] = [],
): ParseIssue[] {
  return error.issues.map((found) =>
    issue(shownPath([...under, ...found.path]), expectedBy(found), valueAt(input, found.path)),
  )
}

/** The kind of a value: all that a message may say of what came. Pure; never throws. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (value === '') return 'empty text'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'string' ? 'text' : typeof value
}

function expectedBy(found: ZodIssue): string {
  switch (found.code) {
    case 'invalid_type':
      return found.expected === 'string' ? 'text' : found.expected
    case 'invalid_value':
      return found.values.map(String).join(' or ')
    case 'invalid_format':
      return `text in the form ${found.format}`
    case 'too_small':
      return `at least ${found.minimum}`
    case 'too_big':
      return `at most ${found.maximum}`
    case 'not_multiple_of':
      return `a multiple of ${found.divisor}`
    case 'unrecognized_keys':
      return 'no further fields'
    case 'invalid_union':
      return expectedByUnion(found)
    case 'invalid_key':
    case 'invalid_element':
      return 'other field names'
    case 'custom':
      return found.message
    default:
      return found satisfies never
  }
}

/** Where each branch of a union complains of the value itself, what each would accept. */
function expectedByUnion(found: Extract<ZodIssue, { code: 'invalid_union' }>): string {
  const expected = found.errors.map((branch) =>
    branch.map((nested) => (nested.path.length === 0 ? expectedBy(nested) : 'another shape')),
  )
  return [...new Set(expected.flat())].join(' or ') || 'another value'
}

// A field's name is repeated, but a record's key may be anything, a phone number too.
function shownPath(path: readonly PropertyKey[]): ParseIssue['path'] {
  return path.map((key) =>
    typeof key === 'number' ? key : /^[a-z_][\w-]{0,39}$/i.test(String(key)) ? String(key) : '?',
  )
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    input,
  )
}
