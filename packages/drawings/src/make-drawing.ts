/**
 * Writes the places of the machine's drawing, which the library holds as plain data. Run by
 * `pnpm make-drawing` after a change of the table or of the layout; a test fails while they differ.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ROOT } from '@callstate/checks/command'
import { machineLayout } from './machine-layout.ts'

const path = fileURLToPath(
  new URL('../../callstate/src/diagram/machine-drawing.ts', import.meta.url),
)
const lines = [
  "import type { Drawing } from './drawing.ts'",
  '',
  '/** Where everything of the machine stands. Made by `pnpm make-drawing`; not written by hand. */',
  `export const MACHINE_DRAWING: Drawing = ${JSON.stringify(machineLayout())}`,
  '',
]
writeFileSync(path, lines.join('\n'))
execFileSync(`${ROOT}node_modules/.bin/biome`, ['check', '--write', path], { stdio: 'inherit' })
