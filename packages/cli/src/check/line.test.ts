import { dialgen } from 'callstate/providers/dialgen'
import { describe, expect, test } from 'vitest'
import { type EventRow, MAX_ATTEMPTS, readLine } from './line.ts'
import { PolicyList } from './policy-list.ts'

const bolnaBody = { id: 'c1', status: 'ringing', updated_at: '2026-01-05T10:00:00Z' }
const dialgenBody = { callId: 'd1', status: 'MISSED', error: 'BUSY' }

const read = (value: unknown, provider = 'auto') =>
  readLine(typeof value === 'string' ? value : JSON.stringify(value), 1, provider, new PolicyList())

function event(value: unknown, provider?: string): EventRow {
  const reading = read(value, provider)
  if (!reading.ok) throw new Error(reading.fault)
  return reading.event
}

/** Provider, how it was told (0 shape, 1 envelope, 2 option) and identifier of the call. */
const origin = (value: unknown, provider?: string) => event(value, provider).slice(1, 4)

function fault(value: unknown, provider?: string): string {
  const reading = read(value, provider)
  return reading.ok ? 'no fault' : reading.fault
}

describe('which provider a line is from', () => {
  test('is told by the shape of the body', () => {
    expect(origin(bolnaBody)).toEqual([0, 0, 'c1'])
    expect(origin(dialgenBody)).toEqual([1, 0, 'd1'])
  })

  test('is what the option says, where the body can be read so', () => {
    expect(origin(bolnaBody, 'bolna')).toEqual([0, 2, 'c1'])
    expect(fault({ id: 'c1' }, 'bolna')).toContain('status: expected')
  })

  test('is another one for a line of no use to the named one', () => {
    expect(read(dialgenBody, 'bolna')).toMatchObject({ ok: false, looksLike: 1 })
    expect(read(bolnaBody, 'dialgen')).toMatchObject({ looksLike: 0 })
    expect(read(bolnaBody, 'bolna')).not.toHaveProperty('looksLike')
    expect(read({ id: 'c1' }, 'bolna')).not.toHaveProperty('looksLike')
    expect(read({ provider: 'dialgen', body: bolnaBody }, 'bolna')).not.toHaveProperty('looksLike')
  })

  test('is what the envelope says, before the option and the shape', () => {
    const envelope = { provider: 'dialgen', receivedAt: '2026-01-05T10:00:00Z', body: dialgenBody }
    expect(origin(envelope)).toEqual([1, 1, 'd1'])
    expect(origin(envelope, 'bolna')).toEqual([1, 1, 'd1'])
  })

  test('is told by the shape of the body in an envelope without a name', () => {
    expect(origin({ headers: {}, body: bolnaBody })).toEqual([0, 0, 'c1'])
    expect(origin({ provider: null, body: bolnaBody })).toEqual([0, 0, 'c1'])
    expect(origin({ body: JSON.stringify(dialgenBody) })).toEqual([1, 0, 'd1'])
  })

  test('is not taken from a body of its own that has a field named body', () => {
    expect(origin({ ...bolnaBody, body: dialgenBody })).toEqual([0, 0, 'c1'])
  })

  test('is told by the body, where the envelope has an identifier and a status of its own', () => {
    expect(origin({ id: 7, status: 200, body: dialgenBody })).toEqual([1, 0, 'd1'])
  })

  test('is told by the shape too where the status is of the wrong kind, and what it lacks is said', () => {
    expect(fault({ id: 'c1', status: 404 })).toContain('status: expected a status word')
    expect(fault({ callId: 'd1' })).toContain('status: expected a status word')
  })

  test('is refused where no provider knows it', () => {
    expect(fault({ provider: 'acme', body: bolnaBody })).toBe(
      'the envelope names an unknown provider: expected bolna or dialgen',
    )
    expect(fault({ provider: 7, body: bolnaBody })).toContain('unknown provider')
    expect(fault({ some: 'thing' })).toContain('got an object of another shape')
    expect(fault([])).toContain('got an array')
    expect(fault('null')).toContain('got null')
    expect(fault('7')).toContain('got a number')
    expect(fault({ body: 7 })).toContain('got a number')
    expect(fault({ body: '{"id":' })).toContain("in the envelope's body: the JSON is cut off")
  })

  test('is not changed by prototype keys', () => {
    expect(
      origin('{"__proto__":{"provider":"dialgen","body":{}},"id":"c1","status":"busy"}'),
    ).toEqual([0, 0, 'c1'])
    expect(
      fault('{"constructor":{"prototype":{"id":"c1"}},"__proto__":{"status":"busy"}}'),
    ).toContain('another shape')
    expect(origin('{"id":"__proto__","status":"busy","id":"__proto__"}')[2]).toBe('__proto__')
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('what is taken of an event', () => {
  test('is a status of the table by its place in it, in any known spelling', () => {
    expect(event({ ...bolnaBody, status: 'scheduled' })[4]).toBe(0)
    expect(event({ ...bolnaBody, status: 'no_answer' })[4]).toBe(
      event({ ...bolnaBody, status: 'no-answer' })[4],
    )
  })

  test('is another word as it came', () => {
    for (const word of ['warp-drive', '+12025550123', '\ud800']) {
      expect(event({ ...bolnaBody, status: word })[4]).toBe(word)
    }
  })

  test('is the word itself where the provider does not have it, even spelled like a status', () => {
    const parsed = dialgen.parse({ ...dialgenBody, status: 'completed' })
    expect(parsed).toMatchObject({ value: { status: 'completed', unrecognized: true } })
    expect(event({ ...dialgenBody, status: 'completed' }, 'dialgen')[4]).toBe('completed')
  })

  test('leaves out the details on which no answer depends', () => {
    const ended = {
      ...bolnaBody,
      status: 'completed',
      conversation_duration: 12.5,
      answered_by_voice_mail: true,
      telephony_data: { hangup_reason: 'Call recipient hungup', hangup_by: 'Callee' },
    }
    expect(event(ended).slice(7)).toEqual([-1, 12_500, true, null])
  })
})

describe('limits of an event', () => {
  test('an attempt may have a number up to the limit and no higher', () => {
    const withAttempt = (attempt: number) => fault({ ...bolnaBody, retry_count: attempt - 1 })
    expect(withAttempt(MAX_ATTEMPTS - 1)).toBe('no fault')
    expect(withAttempt(MAX_ATTEMPTS)).toBe('no fault')
    expect(withAttempt(MAX_ATTEMPTS + 1)).toBe(
      'the body tells of more than 100 attempts of one call',
    )
    const earlier = (attempt: number) =>
      fault({ ...bolnaBody, retry_history: [{ attempt, status: 'busy' }] })
    expect(earlier(MAX_ATTEMPTS)).toBe('no fault')
    expect(earlier(MAX_ATTEMPTS + 1)).toContain('more than 100 attempts')
  })
})
