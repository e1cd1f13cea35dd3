/**
 * What stands at a JSON pointer (RFC 6901); undefined where nothing does, or where it is no pointer.
 * Only fields of the value's own count, and of a list its elements. Pure.
 *
 * @example
 * valueAtPointer({ 'a/b': [{ c: 1 }] }, '/a~1b/0/c') // 1
 */
export function valueAtPointer(value: unknown, pointer: string): unknown {
  if (!isJsonPointer(pointer)) return undefined
  let found = value
  for (const escaped of pointer.split('/').slice(1)) {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    if (Array.isArray(found) && !PLACE.test(key)) return undefined
    found = Reflect.get(found, key)
  }
  return found
}

/** Whether text is a JSON pointer: empty for the whole, or a slash before each key. Pure. */
export function isJsonPointer(text: string): boolean {
  return POINTER.test(text)
}

const POINTER = /^(?:\/(?:[^/~]|~[01])*)*$/
/** No leading zeros: each element has one pointer. */
const PLACE = /^(?:0|[1-9]\d*)$/
