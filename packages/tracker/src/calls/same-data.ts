import { isDeepStrictEqual } from 'node:util'

/** Whether two pieces of plain data say the same; the order of keys says nothing. Pure. */
export function sameData(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b)
}
