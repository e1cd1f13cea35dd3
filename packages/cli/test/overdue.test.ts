import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { runHere } from './memory-terminal.ts'
import { fill, MONEY, NOW, temporaryFolder } from './small-database.ts'

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
