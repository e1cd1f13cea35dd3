import { describe, expectTypeOf, test } from 'vitest'
import * as z from 'zod'
import type { CallStatus } from '../../index.ts'
import type { ProviderEvent } from '../message.ts'
import {
  type BolnaCompletedExecution,
  type BolnaExecution,
  type BolnaGuardrails,
  bolna,
  bolnaExecutionSchema,
  type HangupWhy,
  parseBolnaPayload,
  safeParseBolnaPayload,
} from './index.ts'
import type { BolnaBatchStatus } from './reference.ts'

declare const execution: BolnaExecution

describe('final data of an execution', () => {
  test('cannot be read before the status is known', () => {
    // @ts-expect-error: not final before completed
    execution.total_cost
    // @ts-expect-error: not final before completed
    execution.extracted_data
    // @ts-expect-error: not final before completed
    execution.agent_extraction
    // @ts-expect-error: not final before completed
    execution.conversation_duration
    // @ts-expect-error: not final before completed
    execution.transcript
    // @ts-expect-error: not final before completed
    execution.telephony_data?.recording_url
    // @ts-expect-error: not final before completed
    execution.transfer_call_data
  })

  test('cannot be read at any other status', () => {
    if (execution.status === 'call-disconnected' || execution.status === 'busy') {
      // @ts-expect-error: not final before completed
      execution.total_cost
      // @ts-expect-error: not final before completed
      execution.telephony_data?.recording_url
      expectTypeOf(execution.provisional.total_cost).toEqualTypeOf<number | null | undefined>()
      expectTypeOf(execution.provisional.telephony_data?.recording_url).toEqualTypeOf<
        string | null | undefined
      >()
    }
  })

  test('can be read at completed', () => {
    if (execution.status !== 'completed') return
    expectTypeOf(execution).toEqualTypeOf<BolnaCompletedExecution>()
    expectTypeOf(execution.total_cost).toEqualTypeOf<number | null | undefined>()
    expectTypeOf(execution.telephony_data?.recording_url).toEqualTypeOf<string | null | undefined>()
    expectTypeOf(execution.extracted_data).toEqualTypeOf<
      string | Record<string, unknown> | null | undefined
    >()
    // @ts-expect-error: nothing is provisional any more
    execution.provisional
  })

  test('what is said at every status can always be read', () => {
    expectTypeOf(execution.id).toBeString()
    expectTypeOf(execution.word).toBeString()
    expectTypeOf(execution.updated_at).toEqualTypeOf<number | null | undefined>()
    expectTypeOf(execution.telephony_data?.hangup_by).toEqualTypeOf<string | null | undefined>()
    // @ts-expect-error: not a field of Bolna's
    execution.duration
  })
})

test('the status of an execution is one of the 16, or null for a word that is not known', () => {
  expectTypeOf<BolnaExecution['status']>().toEqualTypeOf<CallStatus | null>()
  switch (execution.status) {
    case null:
    case 'scheduled':
    case 'prepared':
    case 'queued':
    case 'rescheduled':
    case 'initiated':
    case 'ringing':
    case 'in-progress':
    case 'call-disconnected':
    case 'balance-low':
    case 'busy':
    case 'no-answer':
    case 'canceled':
    case 'failed':
    case 'stopped':
    case 'error':
      expectTypeOf(execution.provisional).not.toBeAny()
      break
    case 'completed':
      expectTypeOf(execution.total_cost).not.toBeAny()
      break
    default:
      execution satisfies never
  }
})

test('the results of parsing are told apart by ok', () => {
  const parsed = safeParseBolnaPayload({})
  // @ts-expect-error: it may have failed
  parsed.value
  if (parsed.ok) expectTypeOf(parsed.value).toEqualTypeOf<BolnaExecution>()
  expectTypeOf(parseBolnaPayload({})).toEqualTypeOf<BolnaExecution>()

  const reading = bolna.read({ body: {}, kind: null })
  if (reading.ok && reading.type === 'events') {
    expectTypeOf(reading.events).toEqualTypeOf<readonly ProviderEvent[]>()
  }
})

test('what an extension says of a field is known at completed, and provisional before', () => {
  const mine = bolnaExecutionSchema.extend({
    extracted_data: z.object({ user_interested: z.boolean() }).nullish(),
    campaign: z.string(),
  })
  const extended = parseBolnaPayload({}, mine)
  expectTypeOf(extended.campaign).toBeString()
  // @ts-expect-error: not final before completed
  extended.extracted_data
  if (extended.status === 'completed') {
    expectTypeOf(extended.extracted_data?.user_interested).toEqualTypeOf<boolean | undefined>()
    expectTypeOf(extended.total_cost).toEqualTypeOf<number | null | undefined>()
  } else {
    const { provisional } = extended
    expectTypeOf(provisional.extracted_data?.user_interested).toEqualTypeOf<boolean | undefined>()
  }
  // @ts-expect-error: an execution without an id is none
  parseBolnaPayload({}, z.object({ status: z.string() }))
})

test('closed vocabularies are closed', () => {
  expectTypeOf<'executed'>().toExtend<BolnaBatchStatus>()
  expectTypeOf<'ringing'>().not.toExtend<BolnaBatchStatus>()
  expectTypeOf<'busy'>().toExtend<HangupWhy>()
  expectTypeOf<'unrecognized'>().toExtend<HangupWhy>()
  expectTypeOf<string>().not.toExtend<HangupWhy>()
  expectTypeOf<BolnaGuardrails>().toEqualTypeOf<{
    call_start_hour: number
    call_end_hour: number
  }>()
})
