import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { ACME_FILE, loadAcme } from '../../test/acme.ts'
import { checkTransition, lifecycleOf } from '../index.ts'
import { decodeDelivery } from './body/decode-delivery.ts'
import { finalFieldsIn } from './final-fields-in.ts'

const acme = await loadAcme()

/** A form as a receiver reads it. */
async function deliver(form: string) {
  const decoding = await decodeDelivery(acme.receives, {
    method: 'POST',
    url: 'https://receiver.example/webhooks',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    remoteAddress: null,
    receivedAt: 0,
    rawBody: new TextEncoder().encode(form),
  })
  if (!decoding.ok) throw new Error('Not decoded.')
  const reading = acme.read({ ...decoding, kind: 'webhook' })
  if (!reading.ok || reading.type !== 'events') throw new Error('No event.')
  return { body: decoding.body, events: reading.events, parts: reading.parts }
}

describe('the made-up provider of the documentation', () => {
  test('imports nothing', async () => {
    const source = await readFile(ACME_FILE, 'utf8')
    expect(source).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(/m)
  })

  test('has a lifecycle of its own, with its own marks', () => {
    expect(Object.keys(lifecycleOf(acme))).toHaveLength(9)
    expect(checkTransition('in-progress', 'completed', { provider: acme })).toMatchObject({
      ok: true,
      mark: 'observed',
    })
    // The table has neither of the two.
    for (const [from, to] of [
      ['ringing', 'completed'],
      ['in-progress', 'canceled'],
    ] as const) {
      expect(checkTransition(from, to).ok).toBe(false)
      expect(checkTransition(from, to, { provider: acme }).ok).toBe(true)
    }
  })

  test('asks nobody but Acme, under the account of its key', () => {
    const question = { callId: 'call-1', openedAt: 0, now: 0, account: 'AC 1' }
    expect(acme.ask?.record(question)).toEqual([{ path: '/v1/accounts/AC%201/calls/call-1' }])
    expect(acme.ask?.record({ ...question, callId: '../other' })).toEqual([])
    const page = { from: 5, to: 9, scope: null, cursor: 'p 2', account: null }
    expect(acme.ask?.list?.request(page).path).toBe('/v1/accounts/-/calls?From=5&To=9&Page=p+2')
    expect(acme.ask?.list?.readPage({ Calls: [{}], NextPage: 'p3' }, page)).toEqual({
      items: [{}],
      next: 'p3',
    })
  })

  describe('says of an attempt what is final', () => {
    const said = async (body: string) => {
      const reading = await deliver(body)
      const [event] = reading.events
      if (event === undefined) throw new Error('No event.')
      return finalFieldsIn(acme, event, reading.body)
    }
    const form = (price: string) =>
      `Kind=status&CallId=call-1&Status=COMPLETED&Try=1&At=1769421651000&Duration=42.5&Price=${price}`

    test.each([
      ['22', 22],
      ['22.0', 22],
      ['22.00', 22],
      ['0.0125', 0.0125],
      ['', null],
      ['-1', null],
      ['22,5', null],
      ['1e2', null],
    ])('a price of "%s" is %j dollars', async (price, amount) => {
      const { cost = null, durationMs } = await said(form(price))
      expect(cost).toEqual(amount === null ? null : { amount, currency: 'USD', unit: null })
      expect(durationMs).toBe(42_500)
    })

    test('of several events each its own', async () => {
      const one = (word: string, price: string) =>
        `CallId=call-1&Status=${word}&Try=1&At=1769421600000&Price=${price}`
      const { events, parts } = await deliver(
        `Kind=status&${one('TALKING', '')}&${one('COMPLETED', '12.5')}`,
      )
      const costs = events.map((event, place) => finalFieldsIn(acme, event, parts?.[place]).cost)
      expect(costs).toEqual([undefined, { amount: 12.5, currency: 'USD', unit: null }])
    })

    test('a record has a number, and a recording comes by itself', () => {
      const record = { CallId: 'call-3', Status: 'COMPLETED', Try: 2, Price: 100 }
      const cost = { amount: 100, currency: 'USD', unit: null }
      expect(finalFieldsIn(acme, { status: 'completed' }, record)).toEqual({ cost })
      const recording = {
        Kind: 'recording',
        CallId: 'call-3',
        RecordingUrl: 'https://acme.example/r/1',
      }
      expect(finalFieldsIn(acme, { status: null }, recording)).toEqual({
        recording: '/RecordingUrl',
      })
    })

    test('for ten minutes, by its own word', () => {
      expect(acme.habits.dataBudgetMs).toBe(600_000)
      expect(acme.habits.final.completed?.expected).toEqual(['durationMs', 'cost'])
      expect(acme.habits.final.busy?.expected).toEqual([])
    })
  })

  test('two forms with their fields in another order are one message', () => {
    const one = acme.sameMessage?.({ Kind: 'status', EventId: 'e-1', CallId: 'c' })
    expect(acme.sameMessage?.({ CallId: 'c', EventId: 'e-1', Kind: 'status' })).toEqual(one)
    expect(acme.sameMessage?.({ CallId: 'c', EventId: 'e-2', Kind: 'status' })).not.toEqual(one)
  })
})
