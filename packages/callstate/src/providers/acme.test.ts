import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { ACME_FILE, loadAcme } from '../../test/acme.ts'
import { checkTransition, lifecycleOf } from '../index.ts'

const acme = await loadAcme()

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

  test('two forms with their fields in another order are one message', () => {
    const one = acme.sameMessage?.({ Kind: 'status', EventId: 'e-1', CallId: 'c' })
    expect(acme.sameMessage?.({ CallId: 'c', EventId: 'e-1', Kind: 'status' })).toEqual(one)
    expect(acme.sameMessage?.({ CallId: 'c', EventId: 'e-2', Kind: 'status' })).not.toEqual(one)
  })
})
