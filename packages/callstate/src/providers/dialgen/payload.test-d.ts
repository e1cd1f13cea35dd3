import { expectTypeOf, test } from 'vitest'
import { type DialgenPayload, type DialgenStatus, parseDialgenPayload } from './index.ts'

declare const payload: DialgenPayload

test('final data can be read once the call is completed', () => {
  if (payload.status !== 'COMPLETED') return
  expectTypeOf(payload.duration).toEqualTypeOf<number | null>()
  expectTypeOf(payload.recordingUrl).toEqualTypeOf<string | null>()
  expectTypeOf(payload.summary).toEqualTypeOf<string | null>()
  expectTypeOf(payload.metricJson).toEqualTypeOf<Record<string, unknown> | null>()
  expectTypeOf(payload.transcription).toBeUnknown()
})

test('final data cannot be read before', () => {
  // @ts-expect-error the status is not known to be COMPLETED
  payload.duration
  // @ts-expect-error the status is not known to be COMPLETED
  payload.recordingUrl
  // @ts-expect-error the status is not known to be COMPLETED
  payload.summary
  // @ts-expect-error the status is not known to be COMPLETED
  payload.transcription
  // @ts-expect-error the status is not known to be COMPLETED
  payload.metricJson
})

test('other and unrecognized statuses have no final data', () => {
  if (payload.status === 'ONGOING') {
    // @ts-expect-error the duration still counts
    payload.duration
  }
  if (payload.status === 'MISSED' || payload.status === 'FAILED') {
    // @ts-expect-error nothing was recorded
    payload.recordingUrl
  }
  if (payload.status === null) {
    expectTypeOf(payload.word).toBeString()
    // @ts-expect-error what the word means is unknown
    payload.summary
  }
})

test('the rest can be read at any time', () => {
  expectTypeOf(payload.status).toEqualTypeOf<DialgenStatus | null>()
  expectTypeOf(payload.callId).toBeString()
  expectTypeOf(payload.startTime).toEqualTypeOf<number | null>()
  expectTypeOf(payload.error).toEqualTypeOf<string | null>()
  expectTypeOf(parseDialgenPayload(null)).toEqualTypeOf<DialgenPayload>()
})

test('a field that is not named is in raw alone', () => {
  // @ts-expect-error no such field
  payload.nickname
  expectTypeOf(payload.raw).toExtend<Readonly<Record<string, unknown>>>()
})
