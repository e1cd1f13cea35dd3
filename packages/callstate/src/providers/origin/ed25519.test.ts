import { describe, expect, test } from 'vitest'
import { answerOf, deliveryOf } from './delivery.fixture.ts'
import { ed25519 } from './ed25519.ts'

// Signatures that the vendor publishes, with where; those without a place are made with node:crypto by
// the vendor's documents.

describe('Telnyx', () => {
  const scheme = ed25519({
    signatureHeader: 'telnyx-signature-ed25519',
    timestampHeader: 'telnyx-timestamp',
    toleranceMs: 300_000,
  })
  const key = 'Oa0zUs8edQqY9biPUurM5IGwkqYe18UEo2/+X/sNeHk='
  const body =
    '{"data":{"record_type":"event","event_type":"call.hangup","id":"00000000-0000-4000-8000-000000000001","occurred_at":"2025-12-01T00:00:00.000001Z","payload":{"call_control_id":"v3:test","hangup_cause":"user_busy","hangup_source":"callee","sip_hangup_cause":"486"}},"meta":{"attempt":1,"delivered_to":"https://example.com/telnyx"}}'
  const now = 1_764_547_200_000

  test('a body, its time and their signature', async () => {
    const headers = {
      'telnyx-signature-ed25519':
        'xucCzksy4dRBB8jD8vVgu6xaxLPY3nZR33erUPkGCwG0lMkBCBtTLkQilc2xyeib3o7qURIGc+Lm8o2wLep9BQ==',
      'telnyx-timestamp': '1764547200',
    }
    const delivery = deliveryOf(body, { headers })
    expect(await answerOf(scheme, delivery, key, now)).toBe('ok')
    expect(await answerOf(scheme, delivery, ['not base64', 'AAAA', key], now)).toBe('ok')
    expect(
      await answerOf(scheme, { ...delivery, rawBody: Buffer.from(`${body}\n`) }, key, now),
    ).toBe('wrong')
    const later = { ...headers, 'telnyx-timestamp': '1764547201' }
    expect(await answerOf(scheme, { ...delivery, headers: later }, key, now)).toBe('wrong')
  })

  test('blanks, letters beyond ASCII and a line feed at the end are signed as they came', async () => {
    const spaced =
      '{"data": {"event_type": "call.answered", "payload": {"call_control_id": "v3:test", "caller_id_name": "Zo\u00eb \u260e"}}}\n'
    const headers = {
      'telnyx-signature-ed25519':
        'p4IAQ8eA5xteFA2+foLNBRr7a8VofCbspOMg4atg9hgCdmJcQ2o/xBz9ay59Fpd+YDRQiVMNZWaeJTnhp3r/DQ==',
      'telnyx-timestamp': '1764547201',
    }
    expect(await answerOf(scheme, deliveryOf(spaced, { headers }), key, now)).toBe('ok')
    const trimmed = deliveryOf(spaced.trim(), { headers })
    expect(await answerOf(scheme, trimmed, key, now)).toBe('wrong')
  })

  test('a signature of another length is refused before the body is read', async () => {
    for (const length of [0, 63, 65, 66]) {
      const headers = {
        'telnyx-signature-ed25519': Buffer.alloc(length, 1).toString('base64') || '=',
        'telnyx-timestamp': '1764547200',
      }
      const verdict = await scheme.checkHead(deliveryOf('', { headers }), { keys: [key], now })
      expect(verdict).toEqual({ ok: false, reason: 'wrong' })
    }
  })

  test('keys that are none are wrong', async () => {
    const headers = {
      'telnyx-signature-ed25519': Buffer.alloc(64, 1).toString('base64'),
      'telnyx-timestamp': '1764547200',
    }
    for (const bytes of [Buffer.alloc(32, 0xff), Buffer.alloc(31), Buffer.alloc(33)]) {
      const keys = [bytes.toString('base64')]
      expect(await answerOf(scheme, deliveryOf(body, { headers }), keys, now)).toBe('wrong')
    }
  })

  test('a private key that is none cannot sign', async () => {
    const signing = { key: 'AAAA', now }
    await expect(async () => scheme.sign?.(deliveryOf(body), signing)).rejects.toThrow()
  })
})
