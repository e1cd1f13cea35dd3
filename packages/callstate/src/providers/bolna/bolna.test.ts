import { describe, expect, test } from 'vitest'
import { CALL_STATUSES } from '../../index.ts'
import {
  BOLNA_API_LIMITS,
  BOLNA_BATCH_STATUSES,
  BOLNA_SCHEDULING,
  BOLNA_TRANSFER_STATUSES,
  bolna,
  isBolnaBatchStatus,
  MAX_ID_LENGTH,
  MAX_REASON_LENGTH,
  MAX_RETRY_HISTORY,
  MAX_STATUS_LENGTH,
} from './index.ts'

describe('the provider', () => {
  test('has a name and the name that it writes itself', () => {
    expect([bolna.name, bolna.title]).toEqual(['bolna', 'Bolna'])
  })

  test("Bolna's words are the 16 statuses, and nothing is lost", () => {
    expect(Object.keys(bolna.statuses).toSorted()).toEqual(CALL_STATUSES.toSorted())
    for (const status of CALL_STATUSES) {
      expect(bolna.statuses[status]).toMatchObject({ status, loss: null })
      expect(bolna.words[status]).toMatchObject({ word: status, loss: null })
    }
  })

  test('delivers without order, signature, identifier or number, from three addresses', () => {
    expect(bolna.delivery).toEqual({
      ordered: false,
      repeats: true,
      retryDelaysMs: null,
      eventIdField: null,
      sequenceField: null,
      eventTimeField: 'updated_at',
      signature: null,
      sourceAddresses: ['13.203.39.153', '13.126.9.249', '13.202.133.53'],
      sources: [
        'https://www.bolna.ai/docs/guides/post-call/polling-call-status-webhooks',
        'https://www.bolna.ai/docs/concepts/security',
        'https://www.bolna.ai/docs/api-reference/limits',
        'https://github.com/bolna-ai/skills/blob/main/references/execution-payload.md',
      ],
    })
    expect(bolna).not.toHaveProperty('verify')
    expect(bolna).not.toHaveProperty('rules')
  })
})

describe('vocabularies beside that of calls', () => {
  test('the three lists of batch statuses disagree and are kept apart', () => {
    expect(BOLNA_BATCH_STATUSES).toEqual({
      errorsPage: [
        'created',
        'processed',
        'scheduled',
        'running',
        'completed',
        'stopped',
        'failed',
      ],
      openApi: ['scheduled', 'created', 'queued', 'executed'],
      webhook: ['processed', 'scheduled', 'queued', 'running', 'completed', 'stopped'],
    })
  })

  test('a batch status is what any of the lists names', () => {
    for (const list of Object.values(BOLNA_BATCH_STATUSES)) {
      for (const word of list) expect(isBolnaBatchStatus(word)).toBe(true)
    }
    for (const word of ['ringing', 'canceled', 'busy', '', null, undefined, 7]) {
      expect(isBolnaBatchStatus(word)).toBe(false)
    }
  })

  test('a transferred call knows eleven of the sixteen', () => {
    const missing = ['scheduled', 'prepared', 'rescheduled', 'stopped', 'error']
    expect(BOLNA_TRANSFER_STATUSES.toSorted()).toEqual(
      CALL_STATUSES.filter((status) => !missing.includes(status)).toSorted(),
    )
  })
})

test('the limits are those of the documents', () => {
  expect(BOLNA_API_LIMITS).toEqual({
    requestsPerMinute: 500,
    otherRequestsPerMinute: 1000,
    defaultPageSize: 20,
    maxPageSize: 50,
    maxRangeMs: 604_800_000,
    pollIntervalMs: 5000,
  })
  expect(BOLNA_SCHEDULING).toEqual({ minLeadMs: 120_000, roundedUpToMs: 600_000 })
})

test('our own limits', () => {
  expect([MAX_ID_LENGTH, MAX_STATUS_LENGTH, MAX_REASON_LENGTH, MAX_RETRY_HISTORY]).toEqual([
    256, 128, 200, 32,
  ])
})
