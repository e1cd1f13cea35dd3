import * as z from 'zod'
import { readCount, readMinutes } from './retry-policy.ts'
import { booleanSchema, openObject, optionalField, readWith, textSchema } from './schema.ts'

const countSchema = readWith(readCount, 'a whole number of at least 0')
const minutesSchema = readWith(readMinutes, 'a number of at least 0')

/** `retry_config` as it comes with an execution and goes with `POST /call` and `POST /batches`. */
export const bolnaRetryConfigSchema = openObject({
  enabled: optionalField(booleanSchema),
  /** Documented as 1 to 3. */
  max_retries: optionalField(countSchema),
  retry_on_statuses: optionalField(z.array(textSchema)),
  retry_on_voicemail: optionalField(booleanSchema),
  retry_intervals_minutes: optionalField(z.array(minutesSchema)),
})

/** When Bolna retries a call by itself; fields that are left out have `BOLNA_RETRY_DEFAULTS`. */
export type BolnaRetryConfig = z.output<typeof bolnaRetryConfigSchema>
