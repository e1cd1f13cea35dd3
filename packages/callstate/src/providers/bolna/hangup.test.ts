import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readHangup } from './index.ts'
import { BOLNA_HANGUP_LABELS } from './reference.ts'

describe('who, why, and whether that is sure', () => {
  const outbound = 'outbound' as const
  const inbound = 'inbound' as const

  test.each([
    // As seen in real records.
    [
      { by: 'Callee', reason: 'Call recipient hungup', code: 4000, direction: outbound },
      'callee',
      'hung-up',
      false,
    ],
    [
      { by: 'Carrier', reason: 'Call recipient was busy', code: 3010, direction: outbound },
      'carrier',
      'busy',
      false,
    ],
    [{ by: 'Carrier', reason: 'Call recipient rejected' }, 'carrier', 'rejected', true],
    [
      { by: 'Caller', reason: 'Call recipient hungup', direction: inbound },
      'caller',
      'hung-up',
      true,
    ],
    [{ by: 'Caller', reason: 'Normal Hangup' }, 'caller', 'hung-up', false],
    [{ by: null, reason: null, code: null, direction: outbound }, 'unknown', 'unsaid', false],
    [{}, 'unknown', 'unsaid', false],
    [{ by: '', reason: '', code: '' }, 'unknown', 'unsaid', false],
    [{ by: ' ', reason: ' ' }, 'unknown', 'unsaid', false],
    // The agent hangs up by an API request.
    [
      { by: 'API Request', reason: 'llm_prompted_hangup', code: 4000 },
      'agent',
      'agent-decided',
      false,
    ],
    [{ by: 'API Request', reason: 'inactivity_timeout', code: 4020 }, 'agent', 'inactivity', false],
    [{ by: 'API Request', reason: null, code: 4000 }, 'api', 'unsaid', false],
    [{ by: 'API Request', reason: 'Call recipient hung up' }, 'api', 'hung-up', true],
    [
      { by: 'Plivo', reason: 'End of inputs from Bolna', code: 4010 },
      'provider',
      'talked-out',
      true,
    ],
    // A code under another word, or a word for calls of the other direction.
    [{ by: 'Callee', code: 3010 }, 'callee', 'unsaid', true],
    [{ by: 'Callee', code: '3020' }, 'callee', 'unsaid', false],
    [{ by: 'Callee', code: 486 }, 'callee', 'unsaid', false],
    [{ by: 'Callee', direction: inbound }, 'callee', 'unsaid', true],
    [{ by: 'Caller', direction: outbound }, 'caller', 'unsaid', true],
    [{ by: 'Caller', direction: inbound }, 'caller', 'unsaid', false],
    [{ by: 'Carrier', direction: inbound }, 'carrier', 'unsaid', false],
    // Without a word the reason tells, and after it the code.
    [{ by: 'Twilio', reason: 'Carrier declined' }, 'carrier', 'declined', false],
    [{ by: 'Error', reason: 'Network Congestion From Carrier' }, 'carrier', 'congestion', false],
    [{ by: 'Error', reason: 'Bolna Error', code: 5020 }, 'unknown', 'engine-fault', false],
    [{ by: 'Unknown', reason: 'Unknown', code: 0 }, 'unknown', 'unknown', false],
    [{ by: 'Unknown', code: 3010 }, 'unknown', 'unsaid', false],
    [{ reason: 'Something else', code: 3010 }, 'carrier', 'unrecognized', false],
    [{ code: 6000 }, 'provider', 'unsaid', false],
    [{ code: 4020 }, 'api', 'unsaid', false],
    [{ code: 7011 }, 'unknown', 'unsaid', false],
    [{ code: 0 }, 'unknown', 'unsaid', false],
    [{ code: 9999 }, 'unknown', 'unsaid', false],
    // Never from an ambiguous code alone.
    [{ code: 4000 }, 'unknown', 'unsaid', true],
    [{ code: 4000, direction: outbound }, 'unknown', 'unsaid', true],
    [{ code: 4000, direction: inbound }, 'unknown', 'unsaid', true],
    [{ code: 5020 }, 'unknown', 'unsaid', true],
    [{ code: 3020 }, 'unknown', 'unsaid', true],
    [{ code: 3020, direction: outbound }, 'unknown', 'unsaid', true],
    [{ code: 3020, direction: inbound }, 'carrier', 'unsaid', false],
    // Case and blanks around the words do not matter.
    [{ by: ' CARRIER ', reason: ' carrier DECLINED ' }, 'carrier', 'declined', false],
    [{ reason: 'toString', by: '__proto__' }, 'unknown', 'unrecognized', false],
  ] as const)('%j: %s, %s, ambiguous %s', (hangup, by, why, ambiguous) => {
    expect(readHangup(hangup)).toEqual({ by, why, ambiguous })
  })

  test('no code alone says why', () => {
    const codes = Object.values(BOLNA_HANGUP_LABELS).flatMap((label) => [...label.codes])
    for (const code of codes) expect(readHangup({ code }).why).toBe('unsaid')
  })

  test('nothing throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.oneof(fc.integer(), fc.string()),
        (by, reason, code) => {
          expect(typeof readHangup({ by, reason, code }).ambiguous).toBe('boolean')
        },
      ),
    )
  })
})
