import { fileURLToPath } from 'node:url'
import { dialgen } from 'callstate/providers/dialgen'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ChosenProviders, chooseProviders } from '../providers/choose-providers.ts'
import { type LineReading, MAX_ATTEMPTS, readLine } from './line.ts'

const ACME = fileURLToPath(new URL('../../../../docs/examples/acme.js', import.meta.url))

const bolnaBody = { id: 'c1', status: 'ringing', updated_at: '2026-01-05T10:00:00Z' }
const dialgenBody = { callId: 'd1', status: 'MISSED', error: 'BUSY' }

const read = async (value: unknown, ...providers: string[]): Promise<LineReading> => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return readLine(text, await chooseProviders(providers))
}

async function events(value: unknown, ...providers: string[]) {
  const reading = await read(value, ...providers)
  if (reading.type !== 'events') throw new Error(JSON.stringify(reading))
  return reading
}

async function event(value: unknown, ...providers: string[]) {
  const [only, ...others] = (await events(value, ...providers)).events
  if (only === undefined || others.length > 0) throw new Error('expected one event')
  return only
}

/** Provider, how it was told and identifier of the call. */
async function origin(value: unknown, ...providers: string[]) {
  const { toldBy, events: all } = await events(value, ...providers)
  return [all[0]?.provider, toldBy, all[0]?.callId]
}

async function fault(value: unknown, ...providers: string[]): Promise<string> {
  const reading = await read(value, ...providers)
  return reading.type === 'invalid' ? reading.fault : 'no fault'
}

describe('which provider a line is from', () => {
  test('is told by the shape of the body', async () => {
    expect(await origin(bolnaBody)).toEqual(['bolna', 'shape', 'c1'])
    expect(await origin(dialgenBody)).toEqual(['dialgen', 'shape', 'd1'])
  })

  test('is what the option says, where the body can be read so', async () => {
    expect(await origin(bolnaBody, 'bolna')).toEqual(['bolna', 'option', 'c1'])
    expect(await fault({ id: 'c1' }, 'bolna')).toContain('status: expected')
  })

  test('is told by shape among those that the option names, where it names several', async () => {
    expect(await origin(dialgenBody, 'dialgen', 'bolna')).toEqual(['dialgen', 'shape', 'd1'])
    const acmeBody = { CallId: 'a1', Status: 'BUSY' }
    expect(await origin(acmeBody, ACME, 'auto')).toEqual(['acme', 'shape', 'a1'])
    expect(await origin(bolnaBody, ACME, 'auto')).toEqual(['bolna', 'shape', 'c1'])
    expect(await fault(bolnaBody, ACME, 'dialgen')).toContain('a webhook body of acme or dialgen')
  })

  test('is another one for a line of no use to the named one', async () => {
    expect(await read(dialgenBody, 'bolna')).toMatchObject({
      type: 'invalid',
      looksLike: 'dialgen',
    })
    expect(await read(bolnaBody, 'dialgen')).toMatchObject({ looksLike: 'bolna' })
    expect(await read(bolnaBody, 'bolna')).not.toHaveProperty('looksLike')
    expect(await read({ id: 'c1' }, 'bolna')).not.toHaveProperty('looksLike')
    const named = { provider: 'dialgen', body: bolnaBody }
    expect(await read(named, 'bolna')).not.toHaveProperty('looksLike')
  })

  test('is what the envelope says, before the option and the shape', async () => {
    const envelope = { provider: 'dialgen', receivedAt: '2026-01-05T10:00:00Z', body: dialgenBody }
    expect(await origin(envelope)).toEqual(['dialgen', 'envelope', 'd1'])
    expect(await origin(envelope, 'bolna')).toEqual(['dialgen', 'envelope', 'd1'])
    const acme = { provider: 'acme', body: { CallId: 'a1', Status: 'BUSY' } }
    expect(await origin(acme, ACME)).toEqual(['acme', 'envelope', 'a1'])
  })

  test('is told by the shape of the body in an envelope without a name', async () => {
    expect(await origin({ headers: {}, body: bolnaBody })).toEqual(['bolna', 'shape', 'c1'])
    expect(await origin({ provider: null, body: bolnaBody })).toEqual(['bolna', 'shape', 'c1'])
    const packed = { body: JSON.stringify(dialgenBody) }
    expect(await origin(packed)).toEqual(['dialgen', 'shape', 'd1'])
  })

  test('is not taken from a body of its own that has a field named body', async () => {
    expect(await origin({ ...bolnaBody, body: dialgenBody })).toEqual(['bolna', 'shape', 'c1'])
  })

  test('is told by the whole line, where it has keys that no envelope has', async () => {
    expect(await fault({ id: 7, status: 200, body: dialgenBody })).toContain('status: expected')
    expect(await fault({ at: 7, body: dialgenBody })).toContain('another shape')
  })

  test('is told by the shape too where the status is of the wrong kind, and what it lacks is said', async () => {
    expect(await fault({ id: 'c1', status: 404 })).toContain('status: expected a status word')
    expect(await fault({ callId: 'd1' })).toContain('status: expected a status word')
  })

  test('is refused where no provider knows it', async () => {
    expect(await fault({ provider: 'acme', body: bolnaBody })).toBe(
      'the envelope names an unknown provider: expected bolna or dialgen; hand in the file of another one with --provider',
    )
    expect(await fault({ provider: 7, body: bolnaBody })).toBe(
      'the envelope: expected provider to be the name of a provider, got number',
    )
    expect(await fault({ some: 'thing' })).toContain('got an object of another shape')
    expect(await fault({ provider: 'bolna', recievedAt: 1, body: bolnaBody })).toContain(
      'nearly an envelope: it has "recievedAt" beside provider, body',
    )
    expect(await fault({ provider: 'bolna', method: 'GET' })).toContain(
      'an envelope without a body',
    )
    expect(await fault([])).toContain('got an array')
    expect(await fault('null')).toContain('got null')
    expect(await fault('7')).toContain('got a number')
    expect(await fault({ body: 7 })).toContain('text, an object or a list, got number')
    const cut = await fault({ body: '{"id":' })
    expect(cut).toContain("in the envelope's body: the JSON is cut off")
  })

  test('is not changed by prototype keys', async () => {
    const named = '{"__proto__":{"provider":"dialgen","body":{}},"id":"c1","status":"busy"}'
    expect(await origin(named)).toEqual(['bolna', 'shape', 'c1'])
    expect(
      await fault('{"constructor":{"prototype":{"id":"c1"}},"__proto__":{"status":"busy"}}'),
    ).toContain('another shape')
    expect((await event('{"id":"__proto__","status":"busy","id":"__proto__"}')).callId).toBe(
      '__proto__',
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('what is taken of an event', () => {
  test('is a status of the table, in any known spelling', async () => {
    expect((await event({ ...bolnaBody, status: 'scheduled' })).status).toBe('scheduled')
    expect((await event({ ...bolnaBody, status: 'no_answer' })).status).toBe('no-answer')
  })

  test('is another word as it came', async () => {
    for (const word of ['warp-drive', '+12025550123', '\ud800']) {
      expect(await event({ ...bolnaBody, status: word })).toMatchObject({ status: null, word })
    }
  })

  test('is the word alone where the provider does not have it, even spelled like a status', async () => {
    const body = { ...dialgenBody, status: 'completed' }
    expect(await event(body, 'dialgen')).toMatchObject({ status: null, word: 'completed' })
  })

  test('is everything that the provider reads', async () => {
    const ended = {
      ...bolnaBody,
      status: 'completed',
      conversation_duration: 12.5,
      answered_by_voice_mail: true,
      telephony_data: { hangup_reason: 'Call recipient hungup', hangup_by: 'Callee' },
    }
    expect(await event(ended)).toMatchObject({
      status: 'completed',
      details: {
        talkMs: 12_500,
        voicemail: true,
        hangupBy: 'callee',
        reason: 'Call recipient hungup',
      },
    })
  })
})

describe('limits of an event', () => {
  test('an attempt may have a number up to the limit and no higher', async () => {
    const withAttempt = (attempt: number) => fault({ ...bolnaBody, retry_count: attempt - 1 })
    expect(await withAttempt(MAX_ATTEMPTS - 1)).toBe('no fault')
    expect(await withAttempt(MAX_ATTEMPTS)).toBe('no fault')
    expect(await withAttempt(MAX_ATTEMPTS + 1)).toBe(
      'the body tells of more than 100 attempts of one call',
    )
    const earlier = (attempt: number) =>
      fault({ ...bolnaBody, retry_history: [{ attempt, status: 'busy' }] })
    expect(await earlier(MAX_ATTEMPTS)).toBe('no fault')
    expect(await earlier(MAX_ATTEMPTS + 1)).toContain('more than 100 attempts')
  })
})

describe('what an envelope holds', () => {
  let acme: ChosenProviders
  beforeAll(async () => {
    acme = await chooseProviders([ACME])
  })
  const inAcme = (envelope: object) => readLine(JSON.stringify(envelope), acme)
  const form = (text: string, type = 'application/x-www-form-urlencoded') => ({
    headers: { 'Content-Type': type },
    body: text,
  })

  test('is a form as the provider sends it, also with several events of several calls', async () => {
    const told = await inAcme(
      form('Kind=status&CallId=a1&Status=RINGING&At=1&CallId=a2&Status=BUSY&At=2&Try=1&Try=2'),
    )
    expect(told).toMatchObject({
      type: 'events',
      events: [
        { provider: 'acme', callId: 'a1', status: 'ringing', kind: 'webhook', attempt: 1 },
        { provider: 'acme', callId: 'a2', status: 'busy', kind: 'webhook', attempt: 2 },
      ],
    })
  })

  test('is the query of a GET', async () => {
    const url = 'https://calls.example/webhooks/acme?Kind=status&CallId=a1&Status=TALKING'
    expect(await inAcme({ method: 'GET', url })).toMatchObject({
      events: [{ callId: 'a1', status: 'in-progress' }],
    })
  })

  test('is what stands in base64', async () => {
    const { headers, body } = form('Kind=status&CallId=%C3%A9&Status=BUSY')
    const bodyBase64 = Buffer.from(body).toString('base64')
    expect(await inAcme({ headers, bodyBase64 })).toMatchObject({ events: [{ callId: 'é' }] })
  })

  test('is JSON where it is no webhook, whatever forms the provider sends', async () => {
    const body = '{"CallId":"a1","Status":"COMPLETED","Duration":61.5}'
    expect(await inAcme({ kind: 'record', body })).toMatchObject({
      events: [{ callId: 'a1', kind: 'record', details: { talkMs: 61_500 } }],
    })
    expect(await inAcme({ kind: 'list-item', body: JSON.parse(body) })).toMatchObject({
      events: [{ kind: 'list-item' }],
    })
    const cut = await inAcme({ kind: 'record', body: '{"CallId":' })
    expect(cut).toMatchObject({ fault: expect.stringContaining('the JSON is cut off') })
  })

  test('is told by its kind, and by its shape only where there is no envelope', async () => {
    const record = { ...bolnaBody, status: 'completed', transcript: 'hello' }
    expect((await event({ kind: 'record', body: record })).kind).toBe('record')
    expect((await event({ body: record })).kind).toBe('webhook')
  })

  test('may be news without a status, which has a word of its kind', async () => {
    expect(await inAcme(form('Kind=recording&CallId=a1&RecordingUrl=x'))).toEqual({
      type: 'other',
      word: 'recording',
    })
    expect(await inAcme(form('Kind=transcript&CallId=a1&Text=hi'))).toEqual({
      type: 'other',
      word: 'transcript',
    })
  })

  test('is refused in a form that the provider does not send, without a word of it', async () => {
    const secret = 'secret-5f0c61d2'
    for (const envelope of [
      form(`{"CallId":"${secret}"}`, 'application/json'),
      { ...form(`Kind=status&CallId=${secret}`), method: 'PUT' },
      form(`Kind=status&Status=${secret}`),
    ]) {
      const reading = await inAcme(envelope)
      expect(reading).toMatchObject({ type: 'invalid', fault: expect.stringContaining('expected') })
      expect(JSON.stringify(reading)).not.toContain(secret)
    }
  })

  test('says when it came', async () => {
    const at = async (receivedAt: unknown) =>
      (await events({ receivedAt, body: bolnaBody })).receivedAt
    expect(await at('2026-01-05T10:00:00.250Z')).toBe(1_767_607_200_250)
    expect(await at(1_767_607_200_250)).toBe(1_767_607_200_250)
    expect(await at(null)).toBeNull()
  })

  test('is decoded JSON or JSON text alike, for a provider that sends JSON', async () => {
    const body = { callId: 'd1', status: 'FAILED' }
    const readings = await Promise.all([
      events({ provider: 'dialgen', body }),
      events({ provider: 'dialgen', body: JSON.stringify(body) }),
    ])
    const expected = dialgen.read({ body, kind: 'webhook' })
    for (const { events: told } of readings) expect({ ...expected, events: told }).toEqual(expected)
  })
})
