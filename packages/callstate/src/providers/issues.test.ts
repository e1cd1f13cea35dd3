import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { issue, issuesFromZod, kindOf } from './issues.ts'

describe('an issue', () => {
  test('says where, what was expected, what kind came and what to do', () => {
    expect(issue('callId', 'text', 12)).toEqual({
      path: ['callId'],
      expected: 'text',
      received: 'number',
      message: 'callId: expected text, got number. Pass the message as the provider sent it.',
    })
  })

  test('of the whole message names the message, and takes its own hint', () => {
    expect(issue('', 'an object', null, 'Parse the body first.').message).toBe(
      'The message: expected an object, got null. Parse the body first.',
    )
  })

  test.each([
    [undefined, 'nothing'],
    [null, 'null'],
    ['', 'empty text'],
    ['x', 'text'],
    [[], 'array'],
    [{}, 'object'],
    [1, 'number'],
    [true, 'boolean'],
  ])('names the kind of %j', (value, kind) => {
    expect(kindOf(value)).toBe(kind)
  })

  test('never repeats the value', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (secret) => {
        const { received, message } = issue('status', 'a word', secret)
        expect({ received, message }).toEqual(pickText(issue('status', 'a word', 'another secret')))
      }),
    )
  })
})

describe('issues of a schema', () => {
  const check = (schema: z.ZodType, input: unknown, under?: readonly string[]) => {
    const result = schema.safeParse(input)
    if (result.success) throw new Error('the schema accepts this input')
    return issuesFromZod(result.error, input, under).map(({ path, expected, received }) => [
      path.join('.'),
      expected,
      received,
    ])
  }

  test.each<[string, z.ZodType, unknown, string, string]>([
    ['a wrong type', z.string(), 1, 'text', 'number'],
    ['another wrong type', z.number(), 'x', 'number', 'text'],
    ['a missing value', z.string(), undefined, 'text', 'nothing'],
    ['a wrong choice', z.enum(['a', 'b']), 'x', 'a or b', 'text'],
    ['a wrong form', z.email(), 'x', 'text in the form email', 'text'],
    ['too small a number', z.number().min(1), 0, 'at least 1', 'number'],
    ['too big a number', z.number().max(5), 6, 'at most 5', 'number'],
    ['no multiple', z.number().multipleOf(5), 6, 'a multiple of 5', 'number'],
    ['a further field', z.strictObject({}), { x: 1 }, 'no further fields', 'object'],
    ['a union', z.union([z.string(), z.number()]), true, 'text or number', 'boolean'],
    ['a union of the same', z.union([z.string(), z.string()]), true, 'text', 'boolean'],
    [
      'a union that fails inside',
      z.union([z.object({ a: z.string() }), z.string()]),
      {},
      'another shape or text',
      'object',
    ],
    [
      'no branch of a union',
      z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') })]),
      {},
      'another value',
      'nothing',
    ],
    [
      'a wrong key',
      z.record(z.string().max(1), z.unknown()),
      { abc: 1 },
      'other field names',
      'number',
    ],
    [
      'a wrong element',
      z.map(z.unknown(), z.number()),
      new Map([[{}, 'x']]),
      'other field names',
      'object',
    ],
    [
      "the author's words",
      z.string().refine(() => false, 'a real word'),
      'x',
      'a real word',
      'text',
    ],
  ])('%s', (_, schema, input, expected, received) => {
    const [first] = check(schema, input)
    expect(first?.slice(1)).toEqual([expected, received])
  })

  test('say the path, also below an envelope', () => {
    const schema = z.object({ calls: z.array(z.object({ id: z.string() })) })
    expect(check(schema, { calls: [{ id: 1 }] })).toEqual([['calls.0.id', 'text', 'number']])
    expect(check(schema, { calls: [null] }, ['data'])).toEqual([['data.calls.0', 'object', 'null']])
  })

  test('name a place in a list by its number', () => {
    const { error } = z.object({ calls: z.array(z.string()) }).safeParse({ calls: ['a', 1] })
    expect(error && issuesFromZod(error, { calls: ['a', 1] })[0]?.path).toEqual(['calls', 1])
  })

  test('leave out a key that is no field name', () => {
    const schema = z.record(z.string(), z.string())
    expect(check(schema, { '+12025550123': 1 })).toEqual([['?', 'text', 'number']])
    expect(check(schema, { '12025550123': 1 })).toEqual([['?', 'text', 'number']])
    expect(check(schema, { [`a${'b'.repeat(39)}`]: 1 })[0]?.[0]).toHaveLength(40)
    expect(check(schema, { [`a${'b'.repeat(40)}`]: 1 })[0]?.[0]).toBe('?')
    expect(check(schema, { 'a b': 1 })[0]?.[0]).toBe('?')
    expect(check(schema, { Field_2: 1 })[0]?.[0]).toBe('Field_2')
  })

  test('do not look for fields on a prototype', () => {
    expect(check(z.object({ constructor: z.string() }), {})[0]?.[2]).toBe('nothing')
  })

  test('find nothing where the author of a schema points into what is no object', () => {
    const pointing = (path: string[]) => z.unknown().refine(() => false, { path })
    for (const input of [undefined, null, 'text', 5]) {
      expect(check(pointing(['length', 'x']), input)[0]?.[2]).toBe('nothing')
      expect(check(pointing(['length']), input)[0]?.[2]).toBe('nothing')
    }
  })
})

function pickText({ received, message }: { received: string; message: string }) {
  return { received, message }
}
