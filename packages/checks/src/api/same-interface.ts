/** A union of texts, on one line. */
const UNION_OF_TEXTS = /"[^"\n]*"(?: \| "[^"\n]*")+/g

/**
 * Whether two reports say the same. TypeScript prints the members of a union, and what is mapped over
 * them, in the order in which it happened to meet them, which differs from build to build: so that order
 * does not count, and neither does that of lines. Pure.
 *
 * @example
 * isSameInterface('type A = "b" | "a";', 'type A = "a" | "b";') // true
 */
export function isSameInterface(one: string, other: string): boolean {
  return one === other || withoutOrder(one) === withoutOrder(other)
}

function withoutOrder(report: string): string {
  return report
    .replace(UNION_OF_TEXTS, (union) => union.split(' | ').toSorted().join(' | '))
    .split('\n')
    .toSorted()
    .join('\n')
}
