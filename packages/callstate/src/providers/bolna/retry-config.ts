import * as z from 'zod'
import { readCount, readMinutes } from './retry-fields.ts'
import { booleanSchema, openObject, optionalField, readWith, textSchema } from './schema.ts'

const countSchema = readWith<number, number | string>(readCount, {
  expected: 'a whole number of at least 0',
  json: {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: '^\\d{1,15}$' },
    ],
  },
  output: z.number(),
})
const minutesSchema = readWith<number, number | string>(readMinutes, {
  expected: 'a number of at least 0',
  json: {
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: '^\\d{1,15}(\\.\\d{1,15})?$' },
    ],
  },
  output: z.number(),
})

/** `retry_config` as it comes with an execution and goes with `POST /call` and `POST /batches`. */
export const bolnaRetryConfigSchema = openObject({
  enabled: optionalField(booleanSchema),
  max_retries: optionalField(countSchema, 'Attempts after the first; documented as 1 to 3.'),
  retry_on_statuses: optionalField(z.array(textSchema)),
  retry_on_voicemail: optionalField(booleanSchema),
  retry_intervals_minutes: optionalField(z.array(minutesSchema)),
})

/** When Bolna retries a call by itself; fields that are left out have `BOLNA_RETRY_DEFAULTS`. */
export type BolnaRetryConfig = z.output<typeof bolnaRetryConfigSchema>
