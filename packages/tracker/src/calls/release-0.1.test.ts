import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTracker } from '../create-tracker.ts'
import { createSqliteStore } from '../sqlite/index.ts'

/** A database that release 0.1 wrote. */
const WRITTEN = new URL('../../test/fixtures/sqlite-of-0.1.db', import.meta.url)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callstate-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a database of release 0.1 is verified, rebuilt once, and verified again', async () => {
  const path = join(folder, 'calls.db')
  await copyFile(WRITTEN, path)
  await using tracker = createTracker({
    ...{ store: createSqliteStore({ path }), providers: [bolna, dialgen] },
  })
  const { calls, entries, ...found } = await tracker.verify()
  expect(calls).toBeGreaterThan(0)
  expect(found).toEqual({ unchecked: 0, olderRules: entries, differences: [] })
  const rebuilt = { calls, unchecked: 0, rebuilt: calls, corrected: 0, neverHandedOut: 0 }
  expect(await tracker.rebuild()).toEqual(rebuilt)
  expect(await tracker.rebuild({ write: true })).toEqual(rebuilt)
  expect(await tracker.rebuild({ write: true })).toEqual({ ...rebuilt, rebuilt: 0 })
  expect(await tracker.verify()).toEqual({
    ...{ calls, entries: entries + calls, unchecked: 0 },
    ...{ olderRules: entries, differences: [] },
  })
})
