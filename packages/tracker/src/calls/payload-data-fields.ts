import { DEFAULTS } from '../defaults.ts'
import type { HistoryEntry } from './tracked-call.ts'

/** Fields of a message by name. */
export type Data = Readonly<Record<string, unknown>>

/** The message of an entry, where it is a JSON object; else null. Pure; never throws. */
export function parsePayload({ payload }: Pick<HistoryEntry, 'payload'>): Data | null {
  const value = parseText(payload)
  return isFields(value) ? value : null
}

/** The value of a JSON text; undefined for what is none. Pure; never throws. */
export function parseText(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The fields of a message that have a value. Pure. */
export function fieldsOf(message: Data | null): Data {
  return message === null ? {} : (withValue(message, 1) ?? {})
}

/** Whether a value is an object with fields of its own, and no list. Pure. */
export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A copy of the fields that have a value; undefined where none has. */
function withValue(fields: Data, depth: number): Data | undefined {
  if (depth > DEFAULTS.message.maxDataDepth) return undefined
  const entries = namedValues(fields).flatMap(([name, value]) => {
    const kept = isFields(value) ? withValue(value, depth + 1) : asItCame(value, depth + 1)
    const isEmpty = kept === '' || (Array.isArray(kept) && kept.length === 0)
    return kept === undefined || kept === null || isEmpty ? [] : [[name, kept] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** A copy of a value; of what lies in a list nothing is left out, but what lies too deep. */
function asItCame(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEFAULTS.message.maxDataDepth) return null
  if (Array.isArray(value)) return value.map((element) => asItCame(element, depth + 1))
  const entries = namedValues(value as Data)
  return Object.fromEntries(entries.map(([name, inner]) => [name, asItCame(inner, depth + 1)]))
}

/** No provider has a field `__proto__`, and copying one about is how prototypes get polluted. */
function namedValues(fields: Data): readonly (readonly [string, unknown])[] {
  return Object.entries(fields).filter(([name]) => name !== '__proto__')
}
