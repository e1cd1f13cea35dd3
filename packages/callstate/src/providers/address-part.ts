/**
 * Text as one part of the path of an address, or as the value of a parameter; null for what can stand
 * nowhere in one: nothing, `.` and `..`, which lead elsewhere, and halves of surrogate pairs. Pure; never
 * throws.
 *
 * @example
 * addressPart('agent-1#17/x') // 'agent-1%2317%2Fx'
 * addressPart('..') // null
 */
export function addressPart(text: string): string | null {
  if (text === '' || text === '.' || text === '..') return null
  try {
    return encodeURIComponent(text)
  } catch {
    return null
  }
}
