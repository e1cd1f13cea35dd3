import type * as z from 'zod'
import type { CallStatus } from '../../lifecycle.ts'
import { parseStatus } from '../../status.ts'
import { issue, issuesFromZod } from '../issues.ts'
import type { ParseResult } from '../message.ts'
import { valueOrThrow } from '../value-or-throw.ts'
import {
  type BolnaFields,
  type BolnaFinalField,
  type BolnaFinalLineField,
  bolnaExecutionSchema,
  isFinalField,
  isFinalLineField,
} from './execution.ts'
import { isBolnaMessage } from './message.ts'

type Flat<Type> = { [Key in keyof Type]: Type[Key] }

/** As much of `Keys` as there is. */
type Some<Type, Keys> = Flat<Pick<Type, Extract<keyof Type, Keys>>>
type Others<Type, Keys extends PropertyKey> = Flat<Omit<Type, Keys>>

type Line<Fields extends BolnaFields> = NonNullable<Fields['telephony_data']>

/** The record of a completed execution: what it holds is final. */
export type BolnaCompletedExecution<Fields extends BolnaFields = BolnaFields> = Flat<
  Omit<Fields, 'status' | 'conversation_time'> & {
    status: 'completed'
    /** The word as it came. */
    word: string
  }
>

/** The record of an execution at any other status, unfinished or failed. */
export type BolnaUnfinishedExecution<Fields extends BolnaFields = BolnaFields> = Flat<
  Omit<Fields, BolnaFinalField | 'status' | 'conversation_time' | 'telephony_data'> & {
    /** Null for a word that is none of the 16, nor known to mean one. */
    status: Exclude<CallStatus, 'completed'> | null
    /** The word as it came. */
    word: string
    telephony_data?: Others<Line<Fields>, BolnaFinalLineField> | null | undefined
    /** What `completed` will settle, as far as it was said, in the layout of a completed record. */
    provisional: Flat<
      Some<Fields, BolnaFinalField> & { telephony_data?: Some<Line<Fields>, BolnaFinalLineField> }
    >
  }
>

/**
 * The record of an execution, told apart by `status`. Costs, conversation, recording and extraction
 * stand in their place at `completed` alone; at any other status they stand under `provisional`,
 * because Bolna sends partial values before it has finished.
 */
export type BolnaExecution<Fields extends BolnaFields = BolnaFields> =
  | BolnaCompletedExecution<Fields>
  | BolnaUnfinishedExecution<Fields>

/**
 * Reads the whole record of an execution: the body of a webhook, the answer of `GET /executions/{id}`,
 * or a row of a list. Issues name the field and the kinds, never a value. Pure; never throws. `schema`
 * is an extension of `bolnaExecutionSchema`, whose fields are then in the answer.
 *
 * To follow the status of calls `bolna.read` is enough, and faster: it wants no more than an id and a
 * status, where this refuses a record with one field of a kind that was never seen.
 *
 * @example
 * const parsed = safeParseBolnaPayload(body)
 * if (parsed.ok && parsed.value.status === 'completed') charge(parsed.value.total_cost)
 */
export function safeParseBolnaPayload(body: unknown): ParseResult<BolnaExecution>
export function safeParseBolnaPayload<Fields extends BolnaFields>(
  body: unknown,
  schema: z.ZodType<Fields>,
): ParseResult<BolnaExecution<Fields>>
export function safeParseBolnaPayload(
  body: unknown,
  schema: z.ZodType<BolnaFields> = bolnaExecutionSchema,
): ParseResult<BolnaExecution> {
  if (!isBolnaMessage(body)) return { ok: false, issues: [issue('', 'an object', body)] }
  const parsed = schema.safeParse(body)
  return parsed.success
    ? { ok: true, value: arranged(parsed.data) }
    : { ok: false, issues: issuesFromZod(parsed.error, body) }
}

/**
 * `safeParseBolnaPayload` for those who would rather have an error: throws a `CallstateError` with code
 * `invalid-event` and the issues in its details.
 *
 * @example
 * parseBolnaPayload({ id: '4b3c…', status: 'ringing' }).status // 'ringing'
 */
export function parseBolnaPayload(body: unknown): BolnaExecution
export function parseBolnaPayload<Fields extends BolnaFields>(
  body: unknown,
  schema: z.ZodType<Fields>,
): BolnaExecution<Fields>
export function parseBolnaPayload(
  body: unknown,
  schema: z.ZodType<BolnaFields> = bolnaExecutionSchema,
): BolnaExecution {
  return valueOrThrow(safeParseBolnaPayload(body, schema))
}

/** Puts the status into our words, and what is not final yet apart. */
function arranged({ status: word, conversation_time, ...record }: BolnaFields): BolnaExecution {
  const { status } = parseStatus(word)
  if (conversation_time !== undefined) record.conversation_duration ??= conversation_time
  if (status === 'completed') return { ...record, status, word }
  const { telephony_data: line, ...rest } = record
  const execution: BolnaExecution = {
    ...only(rest, (name) => !isFinalField(name)),
    status,
    word,
    provisional: only(rest, isFinalField),
  }
  if (line !== undefined) {
    execution.telephony_data = line && only(line, (name) => !isFinalLineField(name))
  }
  if (line) execution.provisional.telephony_data = only(line, isFinalLineField)
  return execution
}

/** A copy without the fields that are not wanted. Its type still has them: the caller's says which are left. */
function only<Fields extends object>(fields: Fields, isWanted: (name: string) => boolean): Fields {
  const copy = { ...fields }
  for (const name of Object.keys(copy)) if (!isWanted(name)) Reflect.deleteProperty(copy, name)
  return copy
}
