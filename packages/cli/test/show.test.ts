import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ACME, acme } from './acme.ts'
import { runHere } from './memory-terminal.ts'
import { fill, MONEY, NOW, temporaryFolder, withOpen } from './small-database.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let db: string
let money: string
beforeAll(async () => {
  folder = await temporaryFolder()
  db = folder.path('calls.db')
  await fill({ db })
  money = folder.path('money.db')
  await fill({ db: money }, MONEY)
})
afterAll(() => folder.remove())

// The clock stands still, so that ages are always the same.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('show', () => {
  test('draws a call for a person', async () => {
    const { code, stdout, stderr } = await runHere(['show', 'c-1', '--db', db])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatchInlineSnapshot(`
      "bolna c-1  completed, settled
        outcome      reached
        durations    ringing 4 s, talking 48.6 s, wrapping up 12 s
        first heard  2026-01-01 00:00:00Z, 1h 00m ago
        last heard   2026-01-01 00:01:12Z, 58m 48s ago
        legal next   nothing: the call is over
        due          never: the call is over

      Timeline
        attempt 1  2026-01-01 00:00:00Z
          queued                 +0 s  ███ 5 s
          ringing                +5 s     ██ 4 s
          in-progress            +9 s       ████████████████████████████ 51 s
          call-disconnected   +1m 00s                                   ███████ 12 s
          completed           +1m 12s                                          ■

      Final data
        attempt 1  completed
          cost        12.5 cent
          duration    48.6 s
          transcript  in entry 5 at /transcript

      History (5)
          1  2026-01-01 00:00:00Z  webhook  advanced  the call began with queued
          2  2026-01-01 00:00:05Z  webhook  advanced  moved from queued to ringing; initiated had not been heard
          3  2026-01-01 00:00:09Z  webhook  advanced  moved from ringing to in-progress
          4  2026-01-01 00:01:00Z  webhook  advanced  moved from in-progress to call-disconnected
          5  2026-01-01 00:01:12Z  webhook  advanced  moved from call-disconnected to completed
      "
    `)
  })

  test('says in words what is odd, and what is overdue', async () => {
    const odd = await runHere(['show', 'c-2', '--db', db])
    expect(odd.stdout).toMatch(/^ {2}conflict +attempt 1 .*; the call is busy$/m)
    expect(odd.stdout).toContain(
      'attempt 1 cannot be in-progress and busy: no legal path holds both',
    )
    const silent = await runHere(['show', 'c-3', '--db', db])
    expect(silent.stdout).toContain('2026-01-01 00:33:00Z, overdue by 27m 00s')
    expect(silent.stdout).toContain('in-progress, busy, no-answer')
    const unread = await runHere(['show', 'c-4', '--db', db])
    expect(unread.stdout).toContain('status not recognized, not settled')
    expect(unread.stdout).not.toContain('Timeline')
  })

  test('has the final data of each attempt, and what is missing', async () => {
    const { stdout } = await runHere(['show', 'm-1', '--db', money])
    expect(finalDataIn(stdout)).toMatchInlineSnapshot(`
      "Final data
        attempt 1  completed
          cost      20 cent
          duration  4 s
        attempt 2  completed
          cost        10.125 cent
          duration    12 s
          hung up by  callee
          voicemail   no
          recording   in entry 3 at /telephony_data/recording_url
          transcript  in entry 3 at /transcript
      "
    `)
    expect(stdout).not.toMatch(/hello|recordings\.example/)
    const unbilled = await runHere(['show', 'm-2', '--db', money])
    expect(finalDataIn(unbilled.stdout)).toMatchInlineSnapshot(`
      "Final data
        attempt 1  completed
          transcript  in entry 1 at /transcript
          missing     durationMs, cost
      "
    `)
    expect(unbilled.stdout).toContain('data due     2026-01-01 00:16:30Z, overdue by 43m 30s')
    const json = await runHere(['show', 'm-1', '--db', money, '--format', 'json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      attempts: [
        { attempt: 1, status: 'completed', finalData: { cost: { amount: 20, unit: 'cent' } } },
        {
          attempt: 2,
          status: 'completed',
          data: { total_cost: 10.125 },
          finalData: {
            cost: { amount: 10.125, currency: null, unit: 'cent' },
            durationMs: 12_000,
            voicemail: false,
            transcript: { sequence: 3, pointer: '/transcript', pruned: false },
          },
          missing: [],
        },
      ],
      data: { total_cost: 10.125 },
    })
  })

  test('has messages that tell no status in the history, and what they brought among the final data', async () => {
    const news = folder.path('news.db')
    const form = (fields: Readonly<Record<string, string>>) => ({
      provider: 'acme',
      body: { CallId: 'a-1', Try: '1', ...fields },
    })
    await withOpen(
      { db: news },
      async (tracker) => {
        await tracker.ingest(form({ Kind: 'status', Status: 'COMPLETED', EventId: '1', Seq: '1' }))
        const url = 'https://recordings.example/a-1'
        await tracker.ingest(form({ Kind: 'recording', RecordingUrl: url, EventId: '2', Seq: '2' }))
      },
      [acme],
    )
    const args = ['show', 'a-1', '--db', news, '--provider', ACME]
    const { stdout } = await runHere(args)
    expect(stdout).toMatch(/^ +2 {2}\S+ \S+ {2}webhook {2}data +"recording" tells no status/m)
    expect(finalDataIn(stdout)).toContain('recording  in entry 2 at /RecordingUrl')
    const json = JSON.parse((await runHere([...args, '--format', 'json'])).stdout)
    expect(json.history).toMatchObject([
      { type: 'event', attempt: 1, status: 'completed' },
      { type: 'data', attempt: 1, word: 'recording', status: null, decision: null },
    ])
  })

  test('gives everything to machines, with the data of the messages', async () => {
    const { stdout } = await runHere(['show', 'c-1', '--db', db, '--format', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({
      id: 'c-1',
      status: 'completed',
      durations: { talkingMs: 48_600 },
      next: [],
      data: { transcript: 'user: hello' },
      timeline: [{ status: 'queued' }, {}, {}, {}, { occurredAt: '2026-01-01T00:01:12.000Z' }],
      history: [
        {
          sequence: 1,
          kind: 'webhook',
          word: 'queued',
          status: 'queued',
          message: 'the call began with queued',
        },
        { decision: { kind: 'advanced', skipped: ['initiated'] } },
        {},
        {},
        { payload: { transcript: 'user: hello' } },
      ],
    })
  })

  test('ends with code 1 where nothing was heard of the call', async () => {
    const { code, stdout, stderr } = await runHere(['show', 'nobody\u001b[31m', '--db', db])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('nothing was heard of a call "nobody')
    expect(stderr).not.toContain('\u001b')
    expect((await runHere(['show', 'c-1', '--db', db, '--provider', 'dialgen'])).code).toBe(1)
  })

  test('asks whose call it is where two providers have one of that name', async () => {
    const both = folder.path('both.db')
    await withOpen({ db: both }, async (tracker) => {
      await tracker.ingest({ provider: 'bolna', body: { id: 'x', status: 'busy' } })
      await tracker.ingest({ provider: 'dialgen', body: { callId: 'x', status: 'FAILED' } })
    })
    const { code, stderr } = await runHere(['show', 'x', '--db', both])
    expect(code).toBe(2)
    expect(stderr).toContain('expected --provider: bolna and dialgen both have a call "x"')
    const { stdout } = await runHere(['show', 'x', '--db', both, '--provider', 'bolna'])
    expect(stdout).toContain('busy')
  })
})

/** The section of a call's final data. */
function finalDataIn(text: string): string {
  const [section = ''] = /^Final data\n(?: .*\n)+/m.exec(text) ?? []
  return section
}
