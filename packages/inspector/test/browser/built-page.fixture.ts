import { execFile } from 'node:child_process'
import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const INSPECTOR = new URL('../../', import.meta.url).pathname
const BUILT = join(INSPECTOR, 'dist/page/index.html')
/** Everything that goes into the page. */
const SOURCES = [
  join(INSPECTOR, 'page'),
  join(INSPECTOR, 'src/wire.ts'),
  join(INSPECTOR, '../callstate/src'),
]
const LOCK = join(INSPECTOR, 'node_modules/.cache/page.lock')
const LOOK_EVERY_MS = 50

const mustRun = promisify(execFile)

/** Builds the page where it is missing or older than its sources; one worker at a time. */
export async function buildPage(): Promise<void> {
  await mkdir(join(LOCK, '..'), { recursive: true })
  let lock = await takeLock()
  while (lock === null) {
    await waitForOther()
    lock = await takeLock()
  }
  try {
    if (await isFresh()) return
    const vite = join(INSPECTOR, 'node_modules/.bin/vite')
    await mustRun(vite, ['build', '--config', 'page/vite.config.ts'], { cwd: INSPECTOR })
  } finally {
    await lock.close()
    await rm(LOCK, { force: true })
  }
}

async function takeLock(): Promise<FileHandle | null> {
  const lock = await open(LOCK, 'wx').catch(() => null)
  await lock?.writeFile(String(process.pid))
  return lock
}

/** Waits while another worker builds. One that was killed has left its lock behind. */
async function waitForOther(): Promise<void> {
  const pid = Number(await readFile(LOCK, 'utf8').catch(() => ''))
  if (pid > 0 && !isRunning(pid)) await rm(LOCK, { force: true })
  else await pause(LOOK_EVERY_MS)
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function isFresh(): Promise<boolean> {
  const builtAt = await changedAt(BUILT)
  const changes = await Promise.all(SOURCES.map(newestIn))
  return builtAt > Math.max(...changes)
}

async function newestIn(path: string): Promise<number> {
  if (!(await stat(path)).isDirectory()) return changedAt(path)
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
  const times = await Promise.all(files.map((file) => changedAt(join(file.parentPath, file.name))))
  return Math.max(0, ...times)
}

async function changedAt(path: string): Promise<number> {
  const found = await stat(path).catch(() => null)
  return found?.mtimeMs ?? 0
}
