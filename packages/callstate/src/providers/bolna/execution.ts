import * as z from 'zod'
import type { CallStatus } from '../../lifecycle.ts'
import { hasFields } from '../fields.ts'
import { bolnaRetryConfigSchema } from './retry-config.ts'
import {
  booleanSchema,
  codeSchema,
  extractionSchema,
  idSchema,
  numberSchema,
  openObject,
  optionalField,
  textSchema,
  timeSchema,
  wordSchema,
} from './schema.ts'

/**
 * The statuses of a transferred call, `transfer_call_data.status`: those of a call without
 * `scheduled`, `prepared`, `rescheduled`, `stopped` and `error`. Source: Bolna's OpenAPI document.
 */
export const BOLNA_TRANSFER_STATUSES = [
  'queued',
  'initiated',
  'ringing',
  'in-progress',
  'call-disconnected',
  'completed',
  'balance-low',
  'busy',
  'no-answer',
  'canceled',
  'failed',
] as const satisfies readonly CallStatus[]

const number = optionalField(numberSchema)
const seconds = optionalField(numberSchema, 'Seconds.')
const text = optionalField(textSchema)
const time = optionalField(timeSchema)
const code = optionalField(codeSchema)
const boolean = optionalField(booleanSchema)
/** Seen, but documented nowhere: any kind will do. */
const anything = z.unknown().optional()

const hangupFields = {
  hangup_by: text,
  hangup_reason: text,
  hangup_provider_code: code,
  hangup_code: optionalField(codeSchema, 'Another name of hangup_provider_code.'),
}

const lineFields = {
  ...hangupFields,
  to_number: optionalField(textSchema, 'The agent, for an inbound call.'),
  from_number: optionalField(textSchema, 'The caller, for an inbound call.'),
  hosted_telephony: boolean,
  provider_call_id: optionalField(
    textSchema,
    "The carrier's identifier; it changes with each attempt (our reading).",
  ),
  call_type: text,
  provider: text,
  ring_duration: seconds,
  post_dial_delay: seconds,
  to_number_carrier: text,
}

const finalLineFields = {
  duration: seconds,
  recording_url: optionalField(textSchema, 'Its resolved link expires within 24 hours.'),
}

/** What is said at every status. */
const fields = {
  id: idSchema,
  status: wordSchema,
  smart_status: optionalField(textSchema, 'An undocumented mirror of status.'),
  agent_id: text,
  batch_id: text,
  error_message: text,
  answered_by_voice_mail: boolean,
  termination_reason: optionalField(
    textSchema,
    'Null while the call goes on and before 26 October 2026. Its values are not known here.',
  ),
  created_at: time,
  updated_at: time,
  scheduled_at: time,
  rescheduled_at: time,
  initiated_at: time,
  retry_count: optionalField(numberSchema, 'Retries so far: 0 in the first attempt.'),
  retry_config: optionalField(bolnaRetryConfigSchema),
  retry_history: optionalField(
    z.array(openObject({ attempt: numberSchema, status: textSchema, at: time })),
  ),
  batch_run_details: optionalField(
    openObject({
      status: text,
      created_at: time,
      updated_at: time,
      retried: number,
    }),
  ),
  context_details: optionalField(
    openObject({ recipient_data: anything, recipient_phone_number: text }),
  ),
  provider: text,
  user_number: text,
  agent_number: text,
  deleted: boolean,
  extraction_webhook_status: anything,
  campaign_id: anything,
  workflow_retries: anything,
  arq_job_id: anything,
  lid_data: anything,
  agent_context_details: anything,
  billing_settled: anything,
  processing_status: anything,
}

const latency = optionalField(openObject({ time_to_connect: anything, turns: anything }))

const usageSchema = openObject({
  synthesizer_characters: number,
  synthesizer_model: text,
  transcriber_duration: number,
  transcriber_model: text,
  llm_tokens: number,
  llm_model: optionalField(
    z.record(z.string(), optionalField(openObject({ input: number, output: number }))),
  ),
})

/** What is final at `completed` alone. */
const finalFields = {
  conversation_duration: optionalField(numberSchema, 'Seconds of conversation.'),
  transcript: text,
  summary: anything,
  total_cost: optionalField(numberSchema, 'Cents; in part only before completed.'),
  cost_breakdown: optionalField(
    openObject({
      llm: number,
      network: number,
      platform: number,
      synthesizer: number,
      transcriber: number,
    }),
    'Cents.',
  ),
  price_breakdown: anything,
  extracted_data: optionalField(
    extractionSchema,
    'It may come with a second message of the same end.',
  ),
  agent_extraction: optionalField(extractionSchema),
  custom_extractions: anything,
  usage_breakdown: optionalField(
    z.preprocess(
      (usage: z.input<typeof usageSchema>): unknown => withSnakeCase(usage),
      usageSchema,
    ),
  ),
  latency_data: optionalField(
    openObject({
      stream_id: anything,
      time_to_first_audio: anything,
      region: text,
      transcriber: latency,
      llm: latency,
      synthesizer: latency,
      rag: anything,
      interruption_stats: anything,
    }),
  ),
  transfer_call_data: optionalField(
    openObject({
      ...hangupFields,
      provider_call_id: text,
      status: optionalField(
        textSchema,
        `One of ${BOLNA_TRANSFER_STATUSES.join(', ')}, or a word that is not known yet.`,
      ),
      duration: number,
      cost: number,
      to_number: text,
      from_number: text,
      recording_url: text,
      termination_reason: text,
    }),
  ),
}

/** The names of the fields that are final at `completed` alone, and of those in `telephony_data`. */
export type BolnaFinalField = keyof typeof finalFields
export type BolnaFinalLineField = keyof typeof finalLineFields

/** Whether a field is final at `completed` alone. Pure. */
export const isFinalField = (name: string): boolean => Object.hasOwn(finalFields, name)

/** Whether a field of `telephony_data` is final at `completed` alone. Pure. */
export const isFinalLineField = (name: string): boolean => Object.hasOwn(finalLineFields, name)

/**
 * The record of an execution as it comes: the body of a webhook, of `GET /executions/{id}`, or a row of
 * a list. It takes what Bolna really sends: numbers as text, `""` for null, times with and without a
 * zone in one record, three kinds of `id`, extractions as JSON text, fields that no document lists. What
 * comes out has numbers, and times in milliseconds since 1970; fields that are not listed stay in the
 * value and are not in the type.
 *
 * A plain object: extend it by what your agents extract and hand it to `parseBolnaPayload`, or read it
 * as JSON Schema by `z.toJSONSchema(bolnaExecutionSchema, { io: 'input' })`. It says what a message
 * holds at any status; what of that is final, `parseBolnaPayload` says.
 *
 * @example
 * const mine = bolnaExecutionSchema.extend({
 *   extracted_data: z.object({ user_interested: z.boolean() }).nullish(),
 * })
 * const execution = parseBolnaPayload(body, mine)
 * if (execution.status === 'completed') execution.extracted_data?.user_interested // true or false
 */
export const bolnaExecutionSchema = openObject({
  ...fields,
  ...finalFields,
  conversation_time: optionalField(numberSchema, 'An older name of conversation_duration.'),
  telephony_data: optionalField(openObject({ ...lineFields, ...finalLineFields })),
}).describe("The record of an execution of Bolna's, as webhooks, records and lists have it.")

/** The record of an execution as it comes, its fields read. */
export type BolnaFields = z.output<typeof bolnaExecutionSchema>

/** Records mix `llmModel` and `llmTokens` among names with underscores. */
function withSnakeCase(usage: unknown): unknown {
  if (!hasFields(usage)) return usage
  const { llmModel, llmTokens, ...rest } = usage
  return {
    ...(llmModel === undefined ? {} : { llm_model: llmModel }),
    ...(llmTokens === undefined ? {} : { llm_tokens: llmTokens }),
    ...rest,
  }
}
