import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun, ROOT } from '@callstate/checks/command'

const FOLDER = join(ROOT, 'reports/release-0.1')
const TARBALL = join(FOLDER, 'callstate-0.1.0.tgz')
const INSTALLED = join(FOLDER, 'node_modules/callstate')

/**
 * A folder in which `callstate` is the library of release 0.1, as users got it; built from the history where
 * it is not there yet.
 */
export async function openRelease01(): Promise<string> {
  if (!existsSync(TARBALL)) {
    console.error('Builds callstate 0.1 from the history, once.')
    const script = join(ROOT, 'packages/checks/src/release-tarballs.ts')
    await mustRun(process.execPath, [script, FOLDER, '--only', 'callstate'])
  }
  await mkdir(INSTALLED, { recursive: true })
  await mustRun('tar', ['-xzf', TARBALL, '-C', INSTALLED, '--strip-components=1'])
  return FOLDER
}
