import * as z from 'zod'
import { CallstateError } from '../../error.ts'
import { CALL_STATUSES, type CallStatus } from '../../lifecycle.ts'
import { parseStatus } from '../../status.ts'
import { emptyAsNull, isStatusWord, STATUS_EXPECTED } from '../fields.ts'
import { issuesFromZod } from '../issues.ts'
import type { ParseResult } from '../message.ts'
import { isBolnaMessage } from './message.ts'
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
  /** The name of `hangup_provider_code` on the documents' page. */
  hangup_code: code,
}

const telephonyFields = {
  ...hangupFields,
  /** For an inbound call the caller stands in `from_number` and the agent in `to_number`. */
  to_number: text,
  from_number: text,
  hosted_telephony: boolean,
  /** The carrier's identifier; it changes with each attempt (our reading). */
  provider_call_id: text,
  call_type: text,
  provider: text,
  /** Seconds. */
  ring_duration: number,
  /** Seconds. */
  post_dial_delay: number,
  to_number_carrier: text,
}

const finalTelephonyFields = {
  /** Seconds. */
  duration: number,
  /** Its resolved link expires within 24 hours. */
  recording_url: text,
}

/** What is said at every status. */
const fields = {
  id: idSchema,
  /** The word as it came; `status` is null where it is not one of the 16, nor known to mean one. */
  raw_status: textSchema,
  /** An undocumented mirror of `status`. */
  smart_status: text,
  agent_id: text,
  batch_id: text,
  error_message: text,
  answered_by_voice_mail: boolean,
  /** Null while the call goes on and before 26 October 2026. Its values are not known here. */
  termination_reason: text,
  created_at: time,
  updated_at: time,
  scheduled_at: time,
  rescheduled_at: time,
  initiated_at: time,
  /** Retries so far: 0 in the first attempt. */
  retry_count: number,
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

/** What is final at `completed` alone. Costs are in cents. */
const finalFields = {
  /** Seconds of conversation; `conversation_time` in older records is read as this. */
  conversation_duration: number,
  transcript: text,
  summary: anything,
  total_cost: number,
  cost_breakdown: optionalField(
    openObject({
      llm: number,
      network: number,
      platform: number,
      synthesizer: number,
      transcriber: number,
    }),
  ),
  price_breakdown: anything,
  extracted_data: optionalField(extractionSchema),
  agent_extraction: optionalField(extractionSchema),
  custom_extractions: anything,
  usage_breakdown: optionalField(
    z.preprocess(
      withSnakeCase,
      openObject({
        synthesizer_characters: number,
        synthesizer_model: text,
        transcriber_duration: number,
        transcriber_model: text,
        llm_tokens: number,
        llm_model: optionalField(
          z.record(z.string(), optionalField(openObject({ input: number, output: number }))),
        ),
      }),
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
      /** One of `BOLNA_TRANSFER_STATUSES`, or a word that is not known yet. */
      status: text,
      duration: number,
      cost: number,
      to_number: text,
      from_number: text,
      recording_url: text,
      termination_reason: text,
    }),
  ),
}

const completedSchema = openObject({
  ...fields,
  ...finalFields,
  status: z.literal('completed'),
  telephony_data: optionalField(openObject({ ...telephonyFields, ...finalTelephonyFields })),
})

const unfinishedSchema = openObject({
  ...fields,
  status: z.enum(CALL_STATUSES).exclude(['completed']).nullable(),
  telephony_data: optionalField(openObject(telephonyFields)),
  /** What `completed` will settle, as far as it was said, in the layout of a completed record. */
  provisional: openObject({
    ...finalFields,
    telephony_data: optionalField(openObject(finalTelephonyFields)),
  }),
})

/**
 * The whole record of an execution, as a webhook delivers it and as `GET /executions/{id}` and the
 * lists return it. It takes what Bolna really sends: numbers as text, `""` for null, times with and
 * without a zone in one record, three kinds of `id`, extractions as JSON text, old and new names,
 * fields that no document lists. The output has numbers, times in milliseconds since 1970, and one
 * name for each thing; fields that are not listed stay in the value and are not in the type.
 *
 * The output is a union told apart by `status`. Costs, conversation, recording and extraction stand in
 * their place at `completed` alone; at any other status, unfinished or failed, they stand under
 * `provisional`, because Bolna sends partial values before it has finished.
 */
export const bolnaExecutionSchema = z
  .unknown()
  .transform(arrange)
  .pipe(z.discriminatedUnion('status', [completedSchema, unfinishedSchema]))

/** The record of an execution; final data can be read where `status` is `completed`. */
export type BolnaExecution = z.output<typeof bolnaExecutionSchema>

/** The record of a completed execution. */
export type BolnaCompletedExecution = Extract<BolnaExecution, { status: 'completed' }>

/**
 * Reads the whole record of an execution: the body of a webhook, the answer of `GET /executions/{id}`,
 * or a row of a list. Issues name the field and the kinds, never a value. Pure; never throws.
 *
 * To follow the status of calls `bolna.parse` is enough, and faster: it wants no more than an id and a
 * status, where this refuses a record with one field of a kind that was never seen.
 *
 * @example
 * const parsed = parseBolnaPayload(body)
 * if (parsed.ok && parsed.value.status === 'completed') charge(parsed.value.total_cost)
 */
export function parseBolnaPayload(body: unknown): ParseResult<BolnaExecution> {
  const parsed = bolnaExecutionSchema.safeParse(body)
  if (parsed.success) return { ok: true, value: parsed.data }
  // `provisional` is our arrangement; the issue must name the place in the message as it came.
  const issues = parsed.error.issues.map((issue) => ({
    ...issue,
    path: issue.path[0] === 'provisional' ? issue.path.slice(1) : issue.path,
  }))
  return { ok: false, issues: issuesFromZod({ issues }, body) }
}

/**
 * `parseBolnaPayload` for those who would throw: a `CallstateError` with code `invalid-event` and the
 * issues in its details.
 *
 * @example
 * assertBolnaPayload({ id: '4b3c…', status: 'ringing' }).status // 'ringing'
 */
export function assertBolnaPayload(body: unknown): BolnaExecution {
  const parsed = parseBolnaPayload(body)
  if (parsed.ok) return parsed.value
  const { issues } = parsed
  const message = issues.map((issue) => issue.message).join(' ')
  throw new CallstateError('invalid-event', message, { issues })
}

type Entries = [key: string, value: unknown][]

/** Puts what is not final yet apart, and the status into our words. */
function arrange(body: unknown, context: z.RefinementCtx): unknown {
  if (!isBolnaMessage(body)) {
    context.addIssue({ code: 'custom', message: 'an object' })
    return z.NEVER
  }
  const { status: word } = body
  if (!isStatusWord(word)) {
    context.addIssue({ code: 'custom', path: ['status'], message: STATUS_EXPECTED })
    return z.NEVER
  }
  const { status } = parseStatus(word)
  const said = { status, raw_status: word }
  const { conversation_time, ...rest } = body
  const record =
    conversation_time === undefined
      ? rest
      : {
          ...rest,
          conversation_duration: emptyAsNull(body.conversation_duration) ?? conversation_time,
        }
  if (status === 'completed') return { ...record, ...said }
  const [plain, provisional] = split(Object.entries(record), finalFields)
  if (!isBolnaMessage(record.telephony_data)) return { ...plain, ...said, provisional }
  const [line, ofLine] = split(Object.entries(record.telephony_data), finalTelephonyFields)
  return {
    ...plain,
    ...said,
    telephony_data: line,
    provisional: { ...provisional, telephony_data: ofLine },
  }
}

function split(entries: Entries, apart: object) {
  const isApart = ([key]: Entries[number]) => Object.hasOwn(apart, key)
  return [
    Object.fromEntries(entries.filter((entry) => !isApart(entry))),
    Object.fromEntries(entries.filter(isApart)),
  ] as const
}

/** Records mix `llmModel` and `llmTokens` among names with underscores. */
function withSnakeCase(usage: unknown): unknown {
  if (!isBolnaMessage(usage)) return usage
  const { llmModel, llmTokens, ...rest } = usage
  return {
    ...(llmModel === undefined ? {} : { llm_model: llmModel }),
    ...(llmTokens === undefined ? {} : { llm_tokens: llmTokens }),
    ...rest,
  }
}
