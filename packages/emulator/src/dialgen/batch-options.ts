import { DIALGEN_LIMITS, dialgenRetryStrategySchema } from 'callstate/internal/providers/dialgen'
import * as z from 'zod'
import { E164 } from '../e164.ts'

/** Contacts of a batch, at most. Stated. */
export const MAX_CONTACTS = 100_000
/** Characters of a contact's number, at least. Stated. */
const MIN_NUMBER_LENGTH = 10
/** Stated: from 1 to 10, and what it is where the request says nothing. */
const PRIORITY = { least: 1, most: 10, usual: 5 } as const
/** Calls that a batch begins in a second. Stated, as above. */
const CALLS_PER_SECOND = { least: 1, most: 30, usual: 10 } as const

/** Text without half of a character, which no URL can hold. */
const WELL_FORMED = /^\P{Surrogate}*$/u

/** A time has its zone, as `date-time` of OpenAPI has it; `timezone` is checked, and has no effect then. */
const startTime = z.iso
  .datetime({ offset: true, error: 'Must be an ISO 8601 time' })
  .transform((text) => Date.parse(text))

const timeZone = z.string().refine((name) => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}, 'Must be a time zone')

const between = ({ least, most }: { readonly least: number; readonly most: number }) =>
  z.number().min(least).max(most)

const webhooksSchema = z.object({
  onBatchComplete: z.url().optional(),
  onCallComplete: z.url().optional(),
  onBatchFailed: z.url().optional(),
})

const contactSchema = z.object({
  id: z.string().min(1).nullish(),
  phoneNumber: z
    .string('Phone number is required')
    .min(MIN_NUMBER_LENGTH, 'Invalid phone number')
    .regex(E164, 'Invalid phone number'),
  name: z.string().nullish(),
  email: z.email().nullish(),
  company: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
})

/**
 * The body of a new batch. Sources: https://docs.dialgen.ai/api-reference/endpoint/create-batch and
 * https://docs.dialgen.ai/guides/batch-calling/configuration.
 */
export const batchSchema = z.object({
  agentId: z
    .string('Agent ID is required')
    .min(1, 'Agent ID is required')
    // It stands in the batch's identifier, and so in a link.
    .regex(WELL_FORMED, 'Invalid agent ID'),
  userId: z.string().min(1).optional(),
  contacts: z
    .array(contactSchema, 'At least one contact required')
    .min(1, 'At least one contact required')
    .max(MAX_CONTACTS, `At most ${MAX_CONTACTS} contacts allowed`),
  options: z
    .object({
      priority: between(PRIORITY).default(PRIORITY.usual),
      scheduledStartTime: startTime.optional(),
      timezone: timeZone.optional(),
      maxCallsPerSecond: between(CALLS_PER_SECOND).default(CALLS_PER_SECOND.usual),
      retryStrategy: dialgenRetryStrategySchema.default({
        maxAttempts: DIALGEN_LIMITS.defaultAttempts,
      }),
      webhooks: webhooksSchema.optional(),
      tags: z.array(z.string()).optional(),
    })
    .prefault({}),
})

/** A new batch as a request asks for it. */
export type BatchRequest = z.output<typeof batchSchema>
