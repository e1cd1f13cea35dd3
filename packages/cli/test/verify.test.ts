import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { runHere } from './memory-terminal.ts'
import { fill, MONEY, NOW, temporaryFolder, withOpen } from './small-database.ts'

/** A database as release 0.1 left it. */
const OF_0_1 = new URL('../../tracker/test/fixtures/sqlite-of-0.1.db', import.meta.url)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let db: string
beforeAll(async () => {
  folder = await temporaryFolder()
  db = folder.path('calls.db')
  await fill({ db })
})
afterAll(() => folder.remove())

// The clock stands still, so that ages are always the same.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
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
        '5 calls with 10 events: every call is what its history says.\n2 events decided under older rules, which is no difference; --rebuild says what would change.\n',
    })
    const would =
      '1 of 5 calls would be rebuilt, 0 values that had been handed out would be corrected.\nNothing was written: --write does it.\n'
    expect(await run('--rebuild', '--options', 'none')).toMatchObject({ code: 1, stdout: would })
    expect((await run('--rebuild')).stdout).toBe(
      would.replace(
        '--write does it.',
        '--write does it, with --options. This was folded without options of a service.',
      ),
    )
    expect(await run('--rebuild', '--format', 'json')).toMatchObject({ code: 1 })
    expect(await run('--rebuild', '--write', '--options', 'none')).toMatchObject({
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

  test('finds no difference in what release 0.1 wrote, and rebuilds it once', async () => {
    const old = folder.path('release-0.1.db')
    await copyFile(OF_0_1, old)
    const run = (...args: readonly string[]) =>
      runHere(['verify', '--db', old, '--format', 'json', ...args])
    const verified = await run()
    expect(verified.code).toBe(0)
    const found = JSON.parse(verified.stdout)
    expect(found).toMatchObject({ unchecked: 0, differences: [] })
    expect(found.olderRules).toBe(found.entries)
    const written = await run('--rebuild', '--write', '--options', 'none')
    expect(JSON.parse(written.stdout)).toEqual({
      calls: found.calls,
      unchecked: 0,
      rebuilt: found.calls,
      corrected: 0,
      neverHandedOut: 0,
    })
    expect(JSON.parse((await run('--rebuild')).stdout)).toMatchObject({ rebuilt: 0 })
    const after = await run()
    expect(after.code).toBe(0)
    expect(JSON.parse(after.stdout)).toMatchObject({
      entries: found.entries + found.calls,
      olderRules: found.entries,
      differences: [],
    })
  })

  test('writes only what it was asked to rebuild', async () => {
    const { code, stderr } = await runHere(['verify', '--db', db, '--write'])
    expect(code).toBe(2)
    expect(stderr).toContain('expected --rebuild with --write')
  })

  test('does not rebuild before it is told the options of the service, and says why', async () => {
    const before = await readFile(db)
    const { code, stdout, stderr } = await runHere(['verify', '--db', db, '--rebuild', '--write'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^error: expected --options FILE with --rebuild --write: .*retry policies/,
    )
    expect(stderr).toContain('--options none')
    expect(await readFile(db)).toEqual(before)
  })

  test('rebuilds with the options of the service, by which nothing is another one', async () => {
    const own = folder.path('with-options.db')
    const service = {
      retryPolicies: { bolna: POLICY },
      expects: { bolna: ['extraction' as const] },
    }
    await withOpen(
      { db: own },
      async (tracker) => {
        const body = { id: 'r-1', status: 'busy', updated_at: '2026-01-01T00:00:00Z' }
        await tracker.ingest({ provider: 'bolna', body })
      },
      undefined,
      service,
    )
    const run = (...args: readonly string[]) =>
      runHere(['verify', '--db', own, '--rebuild', ...args])
    const none = '1 call: none is another one by the rules of today.\n'
    for (const [ending, text] of [
      ['json', JSON.stringify(service)],
      ['mjs', `export default ${JSON.stringify(service)}`],
    ] as const) {
      const path = folder.path(`options.${ending}`)
      await writeFile(path, text)
      expect(await run('--options', path)).toMatchObject({ code: 0, stdout: none })
      expect(await run('--options', path, '--write')).toMatchObject({ code: 0, stdout: none })
    }
    const settled = async () =>
      JSON.parse((await runHere(['show', 'r-1', '--db', own, '--format', 'json'])).stdout).settled
    expect(await settled()).toBe(false)
    // Who says that there are none gets what that means.
    expect(await run('--options', 'none', '--write')).toMatchObject({ code: 0 })
    expect(await settled()).toBe(true)
  })

  test('says what is known now and was never handed out', async () => {
    const older = folder.path('never-handed-out.db')
    await fill({ db: older }, MONEY)
    handNothingOut(older)
    const run = (...args: readonly string[]) =>
      runHere(['verify', '--db', older, '--rebuild', '--options', 'none', ...args])
    const { stdout } = await run()
    const { neverHandedOut } = JSON.parse((await run('--format', 'json')).stdout)
    expect(neverHandedOut).toBeGreaterThan(5)
    expect(stdout).toContain(
      `\n${neverHandedOut} values known now were never handed out; nothing fires for them.\n`,
    )
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

const POLICY = {
  maxAttempts: 3,
  retryOn: ['busy' as const],
  retryOnVoicemail: false,
  delaysMs: [3_600_000],
}

/** Makes calls ones that a release wrote which found nothing final in them. */
function handNothingOut(path: string): void {
  const file = new DatabaseSync(path)
  file.exec("UPDATE callstate_calls SET rules = 1, attempts = '[]'")
  file.exec(
    "UPDATE callstate_entries SET rules = 1, decided = json_set(decided, '$.rules', 1, '$.facts', json('[]'))",
  )
  file.close()
}
