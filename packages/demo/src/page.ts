import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun, ROOT } from '@callstate/checks/command'

const INSPECTOR = join(ROOT, 'packages/inspector')

/** Builds the page of the inspector where that was not done; all else runs from the sources. */
export async function buildPage(): Promise<void> {
  if (existsSync(join(INSPECTOR, 'dist/page/index.html'))) return
  console.log('Building the page of the inspector …')
  const vite = join(INSPECTOR, 'node_modules/.bin/vite')
  await mustRun(vite, ['build', '--config', 'page/vite.config.ts'], { cwd: INSPECTOR })
}
