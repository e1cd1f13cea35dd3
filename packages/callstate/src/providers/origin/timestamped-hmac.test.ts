import { describe, expect, test } from 'vitest'
import { isCallstateError } from '../../index.ts'
import { bodyHmac } from './body-hmac.ts'
import { answerOf, deliveryOf } from './delivery.fixture.ts'
import { labelled, SEPARATED, single } from './signature-form.ts'
import { timestampedHmac } from './timestamped-hmac.ts'

// Signatures that the vendor publishes, with where; those without a place are made with node:crypto by
// the vendor's documents.

describe('Vapi', () => {
  const key = 'callstate-example-secret'
  const body =
    '{"message":{"type":"status-update","status":"ringing","timestamp":1785542400123,"call":{"id":"019fb8d4-0000-7000-8000-000000000001","type":"outboundPhoneCall","status":"queued"}}}'
  const timed = {
    header: 'x-signature',
    timestampHeader: 'x-timestamp',
    unit: 's-or-ms',
    signed: '{timestamp}.{body}',
    toleranceMs: 300_000,
  } as const
  const now = 1_785_542_400_000

  test('its default plan', async () => {
    const scheme = timestampedHmac({ ...timed, form: single() })
    const headers = {
      'x-signature': '7e18f88cd385b9670cad66ed5f27023a24795f55f6279309adb936db6754ce08',
      'x-timestamp': '1785542400',
    }
    expect(await answerOf(scheme, deliveryOf(body, { headers }), key, now)).toBe('ok')
    expect(await answerOf(scheme, deliveryOf(body, { headers }), key, now + 300_001)).toBe('stale')
  })

  test('SHA-512 in base64', async () => {
    const scheme = timestampedHmac({
      ...timed,
      form: single(),
      hash: 'SHA-512',
      encoding: 'base64',
    })
    const headers = {
      'x-signature':
        'wiLyuCseEfwGJaTCSzXQbEsqx24zrXFjYeTLMbZeV2diG1lQyybUDBhE2mxfHk//5QrXm46tOt2JWbeDonc0Vw==',
      'x-timestamp': '1785542400',
    }
    expect(await answerOf(scheme, deliveryOf(body, { headers }), key, now)).toBe('ok')
  })

  test('the body alone, after a prefix', async () => {
    const scheme = bodyHmac({
      header: 'x-vapi-signature',
      hash: 'SHA-256',
      encoding: 'hex',
      prefix: 'sha256=',
    })
    const headers = {
      'x-vapi-signature': 'sha256=3a24217b79c7f4e60c1fd4e963d26fcd256859cafb3fb1fa3829524fb2b24a55',
    }
    expect(await answerOf(scheme, deliveryOf(body, { headers }), key)).toBe('ok')
  })
})

describe('Retell', () => {
  const scheme = timestampedHmac({
    header: 'x-retell-signature',
    form: labelled({ timestamp: 'v', signature: 'd' }),
    unit: 'ms',
    signed: '{body}{timestamp}',
    toleranceMs: 300_000,
  })

  test.each([
    // retell-sdk, tests/webhook-auth.test.ts
    [
      'test-api-key',
      1_700_000_000_000,
      '{"event":"call_ended"}',
      '07024cabe7dd8f6d1c6e4a8324ca92c812e6ad4a7ee506c04f7e462e3321823e',
    ],
    [
      'key_test_webhook_0123456789',
      1_790_000_000_000,
      '{"event":"call_ended","call":{"call_id":"call_fixture_1","metadata":{"sessionId":"w_fixture_1"}}}',
      'ebb5b7ad2eefd6abdf14e0157cb0407bf45624ba2a7984e067633cfd4d3d3f85',
    ],
    [
      'key_test_webhook_0123456789',
      1_790_000_000_000,
      '',
      '0bcda201023decb3cd2044f3cca4d17389619d6c56b215483eebc4bf8cd810e8',
    ],
    [
      'key_0123456789abcdef',
      1_800_000_000_000,
      '{"event":"call_ended","call":{"call_id":"call_abc123","agent_id":"agent_x","duration_ms":61499,"note":"caf\u00e9 \u2014 \u00fcn\u00efcode"}}',
      '042fd0d193fcac1055a884ba6717ac5376b0043f13ce62109e8303088233fcfd',
    ],
  ])('%s at %i', async (key, at, body, digest) => {
    const delivery = deliveryOf(body, { headers: { 'x-retell-signature': `v=${at},d=${digest}` } })
    expect(await answerOf(scheme, delivery, key, at)).toBe('ok')
    // As its SDK has it, at both ends.
    for (const [after, expected] of [
      [300_000, 'ok'],
      [300_001, 'stale'],
      [-300_000, 'ok'],
      [-300_001, 'stale'],
    ] as const) {
      expect(await answerOf(scheme, delivery, key, at + after)).toBe(expected)
    }
    const later = { 'x-retell-signature': `v=${at + 1},d=${digest}` }
    expect(await answerOf(scheme, { ...delivery, headers: later }, key, at)).toBe('wrong')
  })
})

describe('ElevenLabs', () => {
  const scheme = timestampedHmac({
    header: 'elevenlabs-signature',
    form: labelled({ timestamp: 't', signature: 'v0' }),
    unit: 's',
    signed: '{timestamp}.{body}',
    toleranceMs: 1_800_000,
  })
  const failed =
    '{"type": "call_initiation_failure", "event_timestamp": 1790000000, "data": {"agent_id": "agent_0example", "conversation_id": "conv_0example", "failure_reason": "no-answer", "metadata": {"type": "sip", "body": {"sip_status_code": 480}}}}'

  test.each([
    // elevenlabs-python, tests/test_webhooks.py
    [
      'test_secret',
      1_600_000_000,
      '{"event_type": "speech.completed", "id": "123456"}',
      'f8a0d1dc33ee963cb54d2f31514555995e93313c9d2042c030adbb82b87fae13',
    ],
    [
      'wsec_0f1e2d3c4b5a69788796a5b4c3d2e1f0',
      1_790_000_000,
      failed,
      '11b3745fd7c49943cab793ea3d443993c461786534932c5973001f653b7bed2d',
    ],
  ])('%s', async (key, t, body, v0) => {
    const headers = { 'elevenlabs-signature': `t=${t},v0=${v0}` }
    const delivery = deliveryOf(body, { headers })
    expect(await answerOf(scheme, delivery, key, t * 1_000)).toBe('ok')
    const compact = { ...delivery, rawBody: Buffer.from(JSON.stringify(JSON.parse(body))) }
    expect(await answerOf(scheme, compact, key, t * 1_000)).toBe('wrong')
  })
})

describe('jambonz', () => {
  const scheme = timestampedHmac({
    header: 'jambonz-signature',
    form: labelled({ timestamp: 't', signature: 'v1' }),
    unit: 's',
    signed: '{timestamp}.{body}',
    toleranceMs: 300_000,
  })
  const body =
    '{"call_sid":"00000000-0000-4000-8000-000000000002","direction":"outbound","from":"+12025550123","to":"+12025550124","call_id":"c1@example.com","sip_status":486,"sip_reason":"Busy Here","call_status":"busy","account_sid":"00000000-0000-4000-8000-000000000003","trace_id":"00000000000000000000000000000004","application_sid":"00000000-0000-4000-8000-000000000005","fs_sip_address":"10.0.0.10:5060"}'
  const v1 = 'v1=4d8de483ecc7ea71b6f5d8985ca8f72cbb277fc73d04f63dd554b2bd0cff8362'
  const other = `v1=${'0'.repeat(64)}`

  test.each([
    [`t=1764547200,${v1}`, 'ok'],
    [`${v1},t=1764547200`, 'ok'],
    [`t=1764547200,${other},${v1}`, 'ok'],
    [`t=1764547200,${v1},${other},v2=x`, 'ok'],
    [`t=1764547200,${v1},v1=too-short`, 'ok'],
    [`t=1764547200,${other}`, 'wrong'],
    [`t=1764547200,v2=${v1.slice(3)}`, 'wrong'],
    [`t=1764547200,t=1764547200,${v1}`, 'wrong'],
    [`t=1764547201,${v1}`, 'wrong'],
    [`t=01764547200,${v1}`, 'wrong'],
    [v1, 'wrong'],
    ['t=1764547200', 'wrong'],
  ])('%s', async (header, expected) => {
    const delivery = deliveryOf(body, { headers: { 'jambonz-signature': header } })
    const now = 1_764_547_200_000
    expect(await answerOf(scheme, delivery, 'callstate-test-webhook-secret', now)).toBe(expected)
  })
})

describe('Ultravox', () => {
  const scheme = timestampedHmac({
    header: 'x-ultravox-webhook-signature',
    timestampHeader: 'x-ultravox-webhook-timestamp',
    form: SEPARATED,
    unit: 'iso',
    signed: '{body}{timestamp}',
    toleranceMs: 60_000,
  })
  const key = 'uv_test_key_0123456789abcdef'
  const body =
    '{"event":"call.ended","call":{"callId":"0190a000-0000-7000-8000-000000000002","endReason":"unjoined"}}'
  const signature = '1c0d9866bad6221216ec18d30d2b5e79c0eb0ee5896bb21281d2ba0b59286728'
  const at = Date.UTC(2026, 8, 21, 12)

  test.each([
    [signature, 0, 'ok'],
    [`${'0'.repeat(64)},${signature}`, 0, 'ok'],
    [`${signature}, ${'0'.repeat(64)}`, 60_000, 'ok'],
    [signature, 60_001, 'stale'],
    ['0'.repeat(64), 0, 'wrong'],
  ])('%s after %i ms', async (signatures, after, expected) => {
    const headers = {
      'x-ultravox-webhook-signature': signatures,
      'x-ultravox-webhook-timestamp': '2026-09-21T12:00:00.000000+00:00',
    }
    expect(await answerOf(scheme, deliveryOf(body, { headers }), key, at + after)).toBe(expected)
  })
})

test('a scheme whose text leaves out the time or the body cannot be made', () => {
  const form = labelled({ timestamp: 't', signature: 'v1' })
  for (const signed of [
    '',
    '{body}',
    '{timestamp}',
    '{timestamp}.{Body}',
    '{timestamp}{body}{body}',
  ]) {
    let thrown: unknown
    try {
      timestampedHmac({ header: 'x', form, unit: 's', signed, toleranceMs: 1 })
    } catch (error) {
      thrown = error
    }
    expect(isCallstateError(thrown) && thrown.code, signed).toBe('invalid-provider')
  }
})
