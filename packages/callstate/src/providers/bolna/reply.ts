import type * as z from 'zod'
import { idSchema, openObject, optionalField, textSchema } from './schema.ts'

/**
 * The reply to `POST /call`, whose status is documented as `queued` always, and to
 * `POST /call/{id}/stop`, which Bolna takes for queued and scheduled calls only and answers with
 * `stopped`. Both name the call `execution_id`. Source: Bolna's OpenAPI document.
 */
export const bolnaReplySchema = openObject({
  execution_id: idSchema,
  status: textSchema,
  message: optionalField(textSchema),
})

/** What Bolna answers who places or stops a call. */
export type BolnaReply = z.output<typeof bolnaReplySchema>
