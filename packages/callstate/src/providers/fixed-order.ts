/**
 * Plain data as one line of JSON that does not depend on the order of keys: a store may give them back
 * in another. Pure.
 *
 * @example
 * textInFixedOrder({ b: 1, a: [2] }) // '{"a":[2],"b":1}'
 */
export function textInFixedOrder(data: unknown): string {
  return JSON.stringify(data, inFixedOrder)
}

function inFixedOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
