import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { documented } from './documented-payload.fixture.ts'
import { bolnaExecutionSchema, parseBolnaPayload, safeParseBolnaPayload } from './index.ts'
import { plivoCompleted, record, SEQUENCES, twilioDisconnected } from './records.fixture.ts'

type Json = Record<string, unknown>
// What a rule wants is of its own kind.
// biome-ignore lint/suspicious/noExplicitAny: each rule reads what JSON Schema gives it
type Rule = (wanted: any, value: unknown, schema: Json) => boolean

/** As much of JSON Schema as is needed here; what it does not know fails. */
function fits(schema: unknown, value: unknown): boolean {
  const rules = Object.entries(schema as Json)
  return rules.every(([rule, wanted]) => RULES[rule]?.(wanted, value, schema as Json) ?? false)
}

const RULES: Record<string, Rule> = {
  $schema: () => true,
  description: () => true,
  type: (wanted: string | string[], value) => [wanted].flat().some((type) => isOf(type, value)),
  anyOf: (wanted: unknown[], value) => wanted.some((one) => fits(one, value)),
  enum: (wanted: unknown[], value) => wanted.includes(value),
  pattern: (wanted: string, value) => typeof value !== 'string' || RegExp(wanted).test(value),
  minLength: (wanted: number, value) => typeof value !== 'string' || value.length >= wanted,
  maxLength: (wanted: number, value) => typeof value !== 'string' || value.length <= wanted,
  minimum: (wanted: number, value) => typeof value !== 'number' || value >= wanted,
  maximum: (wanted: number, value) => typeof value !== 'number' || value <= wanted,
  items: (wanted, value) => !Array.isArray(value) || value.every((one) => fits(wanted, one)),
  required: (wanted: string[], value) => wanted.every((name) => Object.hasOwn(Object(value), name)),
  properties: (wanted: Json, value) =>
    Object.entries(wanted).every(
      ([name, one]) =>
        !Object.hasOwn(Object(value), name) || fits(one, Reflect.get(Object(value), name)),
    ),
  propertyNames: () => true,
  additionalProperties: (wanted, value, { properties = {} }) =>
    Object.entries(Object(value)).every(
      ([name, one]) => Object.hasOwn(Object(properties), name) || fits(wanted, one),
    ),
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return Number.isFinite(value)
    default:
      return typeof value === type
  }
}

const asItComes = z.toJSONSchema(bolnaExecutionSchema, { io: 'input' })

describe('the schema as JSON Schema', () => {
  test('demands an identifier and a status, and names every field of the records', () => {
    expect(asItComes.required).toEqual(['id', 'status'])
    const named = Object.keys(asItComes.properties ?? {})
    for (const body of [documented, plivoCompleted]) {
      expect(named).toEqual(expect.arrayContaining(Object.keys(body)))
    }
    expect(asItComes.properties).toMatchObject({
      status: { type: 'string', minLength: 1, maxLength: 128 },
      total_cost: { description: expect.stringContaining('Cents') },
      telephony_data: {
        anyOf: [{ type: 'object', properties: { recording_url: {}, duration: {} } }, {}],
      },
    })
  })

  test('fits what Bolna sends', () => {
    const bodies = SEQUENCES.flatMap(({ messages }) => messages)
    const records = bodies.filter((body) => Object.hasOwn(Object(body), 'id'))
    expect(records.length).toBeGreaterThan(25)
    for (const body of [documented, plivoCompleted, twilioDisconnected, ...records]) {
      expect(fits(asItComes, body)).toBe(true)
    }
  })

  test('refuses what the schema refuses, and the empty text alone besides', () => {
    const names = Object.keys({ ...documented, ...plivoCompleted })
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(
        '',
        '7',
        '-1.5',
        '1e3',
        'true',
        'yes',
        '2026-01-26T10:00:00',
        [],
        {},
      ),
      fc.constantFrom<unknown>('2026-01-26 10:00:00.142110+05:30', { duration: 'x' }, 7.5, -1),
    )
    const seen = { accepted: 0, refused: 0, empty: 0 }
    fc.assert(
      fc.property(fc.constantFrom(...names), odd, (name, value) => {
        const body = { ...plivoCompleted, [name]: value }
        const accepted = bolnaExecutionSchema.safeParse(body).success
        if (value === '' && accepted) {
          seen.empty++
          return
        }
        seen[accepted ? 'accepted' : 'refused']++
        expect(fits(asItComes, body)).toBe(accepted)
      }),
      { numRuns: 3000 },
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50)
  })

  test('says what comes out: numbers, and times as numbers', () => {
    const { properties } = z.toJSONSchema(bolnaExecutionSchema, { io: 'output' })
    expect(properties).toMatchObject({
      id: { type: 'string' },
      total_cost: { type: ['number', 'null'] },
      updated_at: { type: ['number', 'null'] },
      answered_by_voice_mail: { type: ['boolean', 'null'] },
    })
  })
})

describe('an extension of the schema', () => {
  const mine = bolnaExecutionSchema.extend({
    extracted_data: z.object({ interested: z.stringbool() }).nullish(),
    customer_id: z.string().optional(),
  })

  test('stands where the fields of its own stand: provisional before the end', () => {
    const said = { extracted_data: { interested: 'yes' }, customer_id: 'c-1', other: 1 }
    const done = parseBolnaPayload(record('completed', 9, said), mine)
    expect(done).toMatchObject({
      extracted_data: { interested: true },
      customer_id: 'c-1',
      other: 1,
    })
    const before = parseBolnaPayload(record('call-disconnected', 9, said), mine)
    expect(before).toMatchObject({
      customer_id: 'c-1',
      other: 1,
      provisional: { extracted_data: { interested: true } },
    })
    expect(before).not.toHaveProperty('extracted_data')
  })

  test('refuses with an issue like any other', () => {
    const body = record('completed', 9, { extracted_data: { interested: 'perhaps' } })
    const parsed = safeParseBolnaPayload(body, mine)
    expect(parsed.ok ? [] : parsed.issues.map(({ path }) => path)).toEqual([
      ['extracted_data', 'interested'],
    ])
    expect(() => parseBolnaPayload(body, mine)).toThrow(/^extracted_data\.interested: expected /)
    expect(safeParseBolnaPayload(body).ok).toBe(true)
  })
})
