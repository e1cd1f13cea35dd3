import { defineProvider, type Provider, type ProviderDeclaration } from 'callstate/providers'
import { describe, expect, test } from 'vitest'
import type { ChosenProviders } from '../providers/choose-providers.ts'
import { MAX_EVENTS, readLine } from './line.ts'

/** A provider of tests whose bodies are its fields, with parts of it said otherwise. */
function made(own: Partial<ProviderDeclaration>): ChosenProviders {
  const provider: Provider = defineProvider({
    name: 'made',
    statuses: { DONE: { status: 'completed' } },
    recognizes: () => true,
    read: ({ body, kind }) => {
      const { id, status: word } = Object(body)
      const said = { provider: 'made', callId: id, status: 'completed' as const, word }
      return { ok: true, type: 'events', events: [{ ...said, kind: kind ?? 'webhook' }] }
    },
    ...own,
  })
  return { words: [], known: [provider], named: [provider] }
}

describe('a provider that is not what it should be', () => {
  const line = '{"id":"m1","status":"DONE"}'
  const event = {
    provider: 'made',
    callId: 'm1',
    status: null,
    word: 'DONE',
    kind: 'webhook',
  } as const

  test.each<[string, Partial<ProviderDeclaration>, string]>([
    [
      'fails on a message',
      {
        read: () => {
          throw new Error('+12025550123')
        },
      },
      'the provider cannot read this body',
    ],
    ['reads no event', { read: () => ({ ok: true, type: 'events', events: [] }) }, 'no event'],
    [
      'reads an event of no call',
      { read: () => ({ ok: true, type: 'events', events: [{ ...event, callId: '' }] }) },
      'an event of no call',
    ],
    [
      'makes up a status',
      {
        read: () => ({
          ok: true,
          type: 'events',
          events: [{ ...event, status: 'over' as 'busy' }],
        }),
      },
      'without a status and a word',
    ],
  ])('%s: the line is invalid, and says so', async (_, own, expected) => {
    const reading = await readLine(line, made(own))
    expect(reading).toEqual({ type: 'invalid', fault: expect.stringContaining(expected) })
  })

  test('says another name than its own: its own counts', async () => {
    const reading = await readLine(
      line,
      made({
        read: () => ({ ok: true, type: 'events', events: [{ ...event, provider: 'other' }] }),
      }),
    )
    expect(reading).toMatchObject({ events: [{ provider: 'made' }] })
  })

  test('has a word for a message that it does not declare, which is not repeated', async () => {
    const read = () => ({ ok: true, type: 'skip', word: '+12025550123' }) as const
    expect(await readLine(line, made({ read }))).toEqual({
      type: 'other',
      word: 'of an undeclared kind',
    })
  })

  test('tells as many events a message as a tracker takes, and no more', async () => {
    const telling = (count: number) =>
      made({ read: () => ({ ok: true, type: 'events', events: Array(count).fill(event) }) })
    expect(await readLine(line, telling(MAX_EVENTS - 1))).toMatchObject({ type: 'events' })
    expect(await readLine(line, telling(MAX_EVENTS))).toMatchObject({ type: 'events' })
    expect(await readLine(line, telling(MAX_EVENTS + 1))).toEqual({
      type: 'invalid',
      fault: 'the body tells of more than 500 events',
    })
  })
})

describe('a form of body that only some providers have', () => {
  test('is multipart', async () => {
    const body = ['id', 'status'].map(
      (name, at) =>
        `--edge\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${['m1', 'DONE'][at]}\r\n`,
    )
    const headers = { 'content-type': 'multipart/form-data; boundary=edge' }
    const envelope = { headers, body: `${body.join('')}--edge--\r\n` }
    const providers = made({ receives: { bodies: ['multipart'] } })
    expect(await readLine(JSON.stringify(envelope), providers)).toMatchObject({
      events: [{ callId: 'm1', word: 'DONE' }],
    })
  })

  test('is one of its own', async () => {
    const providers = made({
      receives: {
        bodies: [
          {
            types: ['text/plain'],
            decode({ rawBody }) {
              const [id, status] = new TextDecoder().decode(rawBody).split(' ')
              return { ok: true, value: { id, status } }
            },
          },
        ],
      },
    })
    const envelope = { headers: { 'content-type': 'text/plain' }, body: 'm1 DONE' }
    expect(await readLine(JSON.stringify(envelope), providers)).toMatchObject({
      events: [{ callId: 'm1', word: 'DONE' }],
    })
  })

  test('is a question whether somebody is there, which tells nothing', async () => {
    const providers = made({
      handshake: ({ headers }) => (headers['x-made'] === 'hello' ? { status: 200 } : null),
    })
    const envelope = { provider: 'made', headers: { 'x-made': 'hello' }, body: 'anything' }
    expect(await readLine(JSON.stringify(envelope), providers)).toEqual({
      type: 'other',
      word: 'handshake',
    })
  })
})
