// PostgreSQL refuses U+0000 in a text, and half a surrogate pair does not survive UTF-8: two names that
// differ in it would become one. Control characters are written out too, for whoever reads the tables.
const UNSAFE = /[\\\p{Cc}\p{Cs}]/u
const EVERY_UNSAFE = /[\\\p{Cc}\p{Cs}]/gu
const ESCAPE = /\\(?:\\|u([0-9a-f]{4}))/g

/** A text that PostgreSQL keeps and that `fromSafeText` reads back exactly; mostly the text itself. Pure. */
export function toSafeText(text: string): string {
  if (!UNSAFE.test(text)) return text
  return text.replace(EVERY_UNSAFE, (unsafe) =>
    unsafe === '\\' ? '\\\\' : `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The text that `toSafeText` was given. Pure. */
export function fromSafeText(safe: string): string {
  if (!safe.includes('\\')) return safe
  return safe.replace(ESCAPE, (_, code?: string) =>
    code === undefined ? '\\' : String.fromCharCode(Number.parseInt(code, 16)),
  )
}
