/**
 * Writes the example logs in `docs/examples/`. The shapes and timings are facts about real traffic (which
 * fields are null, "", partial or final at which stage; how timestamps are written; how long things
 * take); identifiers, names and numbers are made up, numbers from the range reserved for fiction.
 *
 *   pnpm make-examples           writes the files
 *   pnpm make-examples --check   fails if a file is not what this script makes
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { bolnaBadDay, bolnaCleanDay } from './examples/bolna-days.ts'
import { dialgenBadDay, dialgenCleanDay } from './examples/dialgen-days.ts'

const FILES: Readonly<Record<string, readonly string[]>> = {
  'bolna-clean-day.ndjson': bolnaCleanDay(),
  'bolna-bad-day.ndjson': bolnaBadDay(),
  'dialgen-clean-day.ndjson': dialgenCleanDay(),
  'dialgen-bad-day.ndjson': dialgenBadDay(),
}

const isCheck = process.argv.includes('--check')
for (const [name, lines] of Object.entries(FILES)) {
  const path = new URL(`../../../docs/examples/${name}`, import.meta.url)
  const text = `${lines.join('\n')}\n`
  if (!isCheck) writeFileSync(path, text)
  else if (fingerprint(readFileSync(path, 'utf8')) !== fingerprint(text)) {
    console.error(`docs/examples/${name} is not what the script makes; run: pnpm make-examples`)
    process.exitCode = 1
  }
  if (!isCheck) console.log(`docs/examples/${name}: ${lines.length} lines`)
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
