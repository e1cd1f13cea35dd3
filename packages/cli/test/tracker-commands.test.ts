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
