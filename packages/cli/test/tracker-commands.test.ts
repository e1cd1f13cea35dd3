import { readdir, readFile, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
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

const ids = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id)

describe('calls', () => {
  test('lists calls for a person, the newest first', async () => {
    const { code, stdout, stderr } = await runHere(['calls', '--db', db])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatchInlineSnapshot(`
      "PROVIDER  ID      STATUS        ATTEMPT  SETTLED  AGE      HEARD        DUE
      dialgen   call_5  failed        1        yes      26m 40s  26m 40s ago  -
      bolna     c-4     unrecognized  1        no       28m 20s  28m 20s ago  -
      bolna     c-3     ringing       1        no       30m 00s  30m 00s ago  overdue 27m 00s
      bolna     c-2     busy          1        yes      57m 59s  57m 50s ago  -
      bolna     c-1     completed     1        yes      1h 00m   58m 48s ago  -
      "
    `)
  })

  test('says when data are due, beside the call itself', async () => {
    const { stdout } = await runHere(['calls', '--db', money])
    const due = stdout.split('\n').map((line) => line.split(/ {2,}/))
    expect(due.slice(1, 4).map(([, id, , , , , , text]) => [id, text])).toEqual([
      ['m-3', 'overdue 54m 00s, data overdue 57m 00s'],
      ['m-2', 'data overdue 43m 30s'],
      ['m-1', '-'],
    ])
  })

  test('lists calls for machines, with the keys in their order', async () => {
    const { stdout } = await runHere(['calls', '--db', db, '--format', 'json', '--limit', '1'])
    const { calls, more } = JSON.parse(stdout)
    expect(more).toBe(true)
    expect(JSON.stringify(calls[0])).toBe(
      JSON.stringify({
        provider: 'dialgen',
        id: 'call_5',
        status: 'failed',
        class: 'terminal',
        phase: 'ended',
        group: 'unsuccessful',
        attempt: 1,
        settled: true,
        outcome: 'not-reached',
        dueAt: null,
        dataDueAt: null,
        events: 1,
        firstReceivedAt: '2026-01-01T00:33:20.000Z',
        lastReceivedAt: '2026-01-01T00:33:20.000Z',
        forgottenAt: null,
      }),
    )
  })

  test.each([
    [['--status', 'ringing'], ['c-3']],
    [['--status', 'unrecognized'], ['c-4']],
    [['--class', 'intermediate'], ['c-3']],
    [
      ['--phase', 'ended', '--provider', 'bolna'],
      ['c-2', 'c-1'],
    ],
    [['--group', 'unsuccessful'], ['call_5']],
    [['--open'], ['c-4', 'c-3']],
    [
      ['--settled', '--limit', '2'],
      ['call_5', 'c-2'],
    ],
  ])('lists those that %j asks for', async (filter, wanted) => {
    const { code, stdout } = await runHere(['calls', '--db', db, '--format', 'ndjson', ...filter])
    expect(code).toBe(0)
    expect(ids(stdout)).toEqual(wanted)
  })

  test('goes through as many pages as the limit asks for, and says where it ends', async () => {
    const many = folder.path('many.db')
    await withOpen({ db: many }, (tracker) =>
      Promise.all(
        Array.from({ length: 1010 }, (_, index) =>
          tracker.ingest({
            provider: 'bolna',
            body: { id: `m-${index}`, status: 'queued' },
            receivedAt: index,
          }),
        ),
      ),
    )
    const args = ['calls', '--db', many, '--format', 'ndjson', '--limit']
    const all = await runHere([...args, '5000'])
    expect(new Set(ids(all.stdout)).size).toBe(1010)
    expect(all.stderr).toBe('')
    const some = await runHere([...args, '1005'])
    expect(ids(some.stdout)).toHaveLength(1005)
    expect(some.stderr).toBe('callstate: there are more than 1005; see --limit\n')
  })

  test('suggests a status for a mistyped one', async () => {
    const { code, stderr } = await runHere(['calls', '--db', db, '--status', 'rining'])
    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean "ringing"?')
  })
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

test('the README shows what these commands print', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  for (const args of [
    ['calls', '--open'],
    ['show', 'c-1'],
  ]) {
    const { stdout } = await runHere([...args, '--db', db])
    expect(readme).toContain(`$ callstate ${args.join(' ')}\n${stdout}`)
  }
  const overdue = await runHere(['overdue', '--db', money])
  expect(readme).toContain(`$ callstate overdue\n${overdue.stdout}`)
})

describe('overdue', () => {
  test('says how long calls are overdue, and ends with code 1', async () => {
    const { code, stdout } = await runHere(['overdue', '--db', db])
    expect(code).toBe(1)
    expect(stdout).toMatchInlineSnapshot(`
      "OVERDUE  WHY     PROVIDER  ID   STATUS   ATTEMPT  HEARD        MISSING
      27m 00s  silent  bolna     c-3  ringing  1        30m 00s ago  -
      "
    `)
    const json = await runHere(['overdue', '--db', db, '--format', 'json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      calls: [{ id: 'c-3', why: ['silent'], missing: [], overdueMs: 27 * 60_000 }],
      more: false,
    })
  })

  test('says which data are missing of which attempt, and counts them only where it is asked to', async () => {
    const { code, stdout } = await runHere(['overdue', '--db', money])
    expect(code).toBe(1)
    expect(stdout).toMatchInlineSnapshot(`
      "OVERDUE  WHY           PROVIDER  ID   STATUS     ATTEMPT  HEARD        MISSING
      57m 00s  silent, data  bolna     m-3  ringing    2        57m 00s ago  cost of attempt 1
      43m 30s  data          bolna     m-2  completed  1        58m 30s ago  durationMs, cost of attempt 1
      "
    `)
    const ending = async (...args: readonly string[]) => {
      const ran = await runHere(['overdue', '--db', money, '--format', 'ndjson', ...args])
      return [ran.code, ran.stdout === '' ? [] : ids(ran.stdout)]
    }
    expect(await ending('--why', 'silent')).toEqual([1, ['m-3']])
    expect(await ending('--why', 'silent', '--data')).toEqual([1, ['m-3']])
    expect(await ending('--why', 'data')).toEqual([0, ['m-3', 'm-2']])
    expect(await ending('--why', 'data', '--data')).toEqual([1, ['m-3', 'm-2']])
    expect(await ending('--status', 'completed')).toEqual([0, ['m-2']])
    expect(await ending('--status', 'completed', '--data')).toEqual([1, ['m-2']])
    expect(await ending('--status', 'busy', '--data')).toEqual([0, []])
  })

  test('tells machines why, and what is missing by attempt', async () => {
    const { stdout } = await runHere(['overdue', '--db', money, '--format', 'ndjson'])
    const [retried, billed] = stdout.trimEnd().split('\n')
    expect(JSON.parse(retried ?? '')).toMatchObject({
      id: 'm-3',
      why: ['silent', 'data'],
      missing: [{ attempt: 1, fields: ['cost'] }],
      dueAt: '2026-01-01T00:06:00.000Z',
      dataDueAt: '2026-01-01T00:03:00.400Z',
      overdueMs: NOW - Date.parse('2026-01-01T00:03:00.400Z'),
    })
    expect(JSON.parse(billed ?? '')).toMatchObject({
      id: 'm-2',
      why: ['data'],
      missing: [{ attempt: 1, fields: ['durationMs', 'cost'] }],
      dueAt: null,
    })
  })

  test('ends with code 0 where no call is', async () => {
    const { code, stdout } = await runHere(['overdue', '--db', db, '--provider', 'dialgen'])
    expect([code, stdout]).toEqual([0, 'No call is overdue.\n'])
  })
})

describe('verify', () => {
  test('counts what older rules decided, says what would be rebuilt, and writes only when it is told to', async () => {
    const older = folder.path('older.db')
    await fill({ db: older })
    decideByOlderRules(older)
    const run = (...args: readonly string[]) => runHere(['verify', '--db', older, ...args])
    expect(await run()).toMatchObject({
      code: 0,
      stdout:
        '5 calls with 10 events: every call is what its history says.\n2 events decided under older rules; see --rebuild.\n',
    })
    const would =
      '1 of 5 calls would be rebuilt, 0 values that had been handed out would be corrected.\nNothing was written: --write does it.\n'
    expect(await run('--rebuild')).toMatchObject({ code: 1, stdout: would })
    expect(await run('--rebuild', '--format', 'json')).toMatchObject({ code: 1 })
    expect(await run('--rebuild', '--write')).toMatchObject({
      code: 0,
      stdout: '1 of 5 calls rebuilt, 0 values that had been handed out corrected.\n',
    })
    expect(await run('--rebuild')).toMatchObject({
      code: 0,
      stdout: '5 calls: none is another one by the rules of today.\n',
    })
    const { stdout } = await runHere(['show', 'c-2', '--db', older])
    expect(stdout).toMatch(
      /^ +3 {2}\S+ \S+ {2}- +rebuilt +what was heard was read anew, by newer rules$/m,
    )
    const shown = await runHere(['show', 'c-2', '--db', older, '--format', 'json'])
    expect(JSON.parse(shown.stdout).history[2]).toMatchObject({
      type: 'rebuilt',
      kind: null,
      word: null,
      status: null,
      decision: null,
    })
  })

  test('writes only what it was asked to rebuild', async () => {
    const { code, stderr } = await runHere(['verify', '--db', db, '--write'])
    expect(code).toBe(2)
    expect(stderr).toContain('expected --rebuild with --write')
  })

  test('agrees with a database that nobody touched', async () => {
    const { code, stdout, stderr } = await runHere(['verify', '--db', db])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toBe('5 calls with 10 events: every call is what its history says.\n')
  })

  test('shows its progress on a terminal, and leaves nothing of it', async () => {
    const { stderr } = await runHere(['verify', '--db', db], { terminals: ['stderr'] })
    expect(stderr).toContain('5 calls verified')
    expect(stderr.endsWith('\r\u001b[K')).toBe(true)
  })

  test('names a call that was changed behind the back of its history', async () => {
    const touched = folder.path('touched.db')
    await fill({ db: touched })
    breakHistory(touched)
    const { code, stdout } = await runHere(['verify', '--db', touched])
    expect(code).toBe(1)
    expect(stdout).toContain('c-3')
    const json = await runHere(['verify', '--db', touched, '--format', 'json'])
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      calls: 5,
      differences: [{ provider: 'bolna', callId: 'c-3' }],
    })
  })
})

describe('dead-letters', () => {
  test('lists what a consumer failed to handle, and has it handled again', async () => {
    const letters = folder.path('letters.db')
    await withOpen({ db: letters }, async (tracker) => {
      await tracker.ingest({ provider: 'bolna', body: { id: 'c-9', status: 'busy' } })
      const consumer = tracker.consume(
        'billing',
        async () => {
          throw new Error('no such customer')
        },
        { retry: { maxTries: 1 }, from: 'start' },
      )
      while ((await tracker.deadLetters()).items.length === 0) await new Promise(setImmediate)
      await consumer.stop()
    })
    const args = ['dead-letters', '--db', letters]
    const { code, stdout } = await runHere(args)
    expect(code).toBe(0)
    expect(stdout).toContain('no such customer')
    const json = JSON.parse((await runHere([...args, '--format', 'json'])).stdout)
    expect(json).toMatchObject({
      deadLetters: [{ consumer: 'billing', callId: 'c-9', sequence: 1, replays: 0 }],
      more: false,
    })
    const { id } = json.deadLetters[0]
    const replay = (which: string) => runHere([...args, '--consumer', 'billing', '--replay', which])
    expect(await replay(id)).toMatchObject({
      code: 0,
      stdout: '1 to be handled again, as soon as billing runs.\n',
    })
    expect((await runHere(args)).stdout).toContain('0, waiting')
    expect((await replay('nobody')).code).toBe(1)
  })

  test('says so where there are none', async () => {
    expect((await runHere(['dead-letters', '--db', db])).stdout).toBe('No dead letters.\n')
    const { code, stderr } = await runHere(['dead-letters', '--db', db, '--replay', 'all'])
    expect(code).toBe(2)
    expect(stderr).toContain('expected --consumer with --replay')
  })
})

describe('every command that reads', () => {
  const READING = [['calls'], ['show', 'c-1'], ['overdue'], ['verify'], ['dead-letters']].map(
    (args) => ({ args }),
  )

  test.each(READING)('$args names a database that is missing, and makes none', async ({ args }) => {
    const missing = folder.path('missing.db')
    const { code, stdout, stderr } = await runHere([...args, '--db', missing])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe(
      `error: there is no database "${missing}". Check --db; "callstate serve" makes a new one.\n`,
    )
    expect(await readdir(folder.path(''))).not.toContain('missing.db')
  })

  test.each(READING)('$args refuses what is no database', async ({ args }) => {
    const text = folder.path('text.db')
    await writeFile(text, 'this is a text and no database, however long it may be\n'.repeat(100))
    const { code, stderr } = await runHere([...args, '--db', text])
    expect(code).toBe(2)
    expect(stderr).toContain(`the database "${text}" cannot be used: SQLite failed (SQLITE_NOTADB)`)
    const inFolder = await runHere([...args, '--db', folder.path('')])
    expect(inFolder.code).toBe(2)
    expect(inFolder.stderr).toContain('expected --db to be a file')
  })

  test('makes no tables in a database of something else', async () => {
    const other = folder.path('other.db')
    const file = new DatabaseSync(other)
    file.exec('CREATE TABLE notes (text)')
    const { code, stderr } = await runHere(['calls', '--db', other])
    expect([code, stderr]).toEqual([
      2,
      `error: the database "${other}" never held calls. Check its name; "callstate serve" prepares a new one.\n`,
    ])
    expect(file.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'notes' }])
    file.close()
  })

  test('never shows the password of a database', async () => {
    const url = 'postgresql://calls:hunter2@127.0.0.1:1/calls'
    const { code, stderr } = await runHere(['calls', '--postgres', url])
    expect([code, stderr]).toEqual([
      2,
      'error: the database postgresql://127.0.0.1:1/calls cannot be used: nothing listens there.\n',
    ])
    const wrong = await runHere(['calls', '--postgres', 'mysql://calls:hunter2@127.0.0.1/calls'])
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).not.toContain('hunter2')
  })

  test.each([
    [['calls', '--limit', '0']],
    [['calls', '--settled', '--open']],
    [['calls', '--class', 'final']],
    [['calls', '--provider', 'acme']],
    [['overdue', '--phase', 'talking']],
    [['overdue', '--group', '']],
    [['show']],
    [['verify', '--format', 'xml']],
    [['dead-letters', '--limit', '1001']],
  ])('ends with code 2 and a message for the wrong usage %j', async (args) => {
    const { code, stderr } = await runHere([...args, ...(args.length > 1 ? ['--db', db] : [])])
    expect(code).toBe(2)
    expect(stderr).not.toBe('')
    expect(stderr).not.toContain('    at ')
  })
})

/** The section of a call's final data. */
function finalDataIn(text: string): string {
  const [section = ''] = /^Final data\n(?: .*\n)+/m.exec(text) ?? []
  return section
}

/** Takes the only event of a call out of its history. */
function breakHistory(path: string): void {
  const file = new DatabaseSync(path)
  file.exec(
    "DELETE FROM callstate_entries WHERE call_row = (SELECT id FROM callstate_calls WHERE call_id = 'c-3')",
  )
  file.close()
}

/** Makes a call one that a release with other rules wrote. */
function decideByOlderRules(path: string): void {
  const file = new DatabaseSync(path)
  const call = "(SELECT id FROM callstate_calls WHERE call_id = 'c-2')"
  file.exec(`UPDATE callstate_calls SET rules = 1 WHERE id = ${call}`)
  file.exec(
    `UPDATE callstate_entries SET rules = 1, decided = json_set(decided, '$.rules', 1) WHERE call_row = ${call}`,
  )
  file.close()
}
