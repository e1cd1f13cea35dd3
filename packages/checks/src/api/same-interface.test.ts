import { expect, test } from 'vitest'
import { isSameInterface } from './same-interface.ts'

const report = (...lines: readonly string[]) => lines.join('\n')

test('the order of a union, and of what is mapped over it, does not count', () => {
  expect(
    isSameInterface(
      report('const m: M<"b" | "a" | "c-d", X>;', '    b: {};', '    a: {};', '}'),
      report('const m: M<"a" | "b" | "c-d", X>;', '    a: {};', '    b: {};', '}'),
    ),
  ).toBe(true)
})

test.each([
  ['a member more', 'type A = "a" | "b";', 'type A = "a" | "b" | "c";'],
  ['another member', 'type A = "a" | "b";', 'type A = "a" | "x";'],
  ['another name', 'type A = "a" | "b";', 'type B = "a" | "b";'],
  ['a line more', 'type A = "a";', 'type A = "a";\ntype B = 1;'],
  ['another kind', 'a?: string', 'a: string'],
])('%s counts', (_, one, other) => {
  expect(isSameInterface(one, other)).toBe(false)
})
