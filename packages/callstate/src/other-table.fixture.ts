import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Call, CallEvent, Decision, TimelineEntry } from './index.ts'

/** What a release is asked: to go on with a stored call, and to join it with another one. */
export interface Question {
  readonly call?: Call
  readonly events: readonly CallEvent[]
  readonly other?: Call
}

/** What a release answers, as it stores it. */
export interface Answer {
  readonly call: Call
  readonly timeline: readonly TimelineEntry[]
  readonly decisions: readonly Decision[]
}

/** Another release: the core with another table, in a process of its own. */
export interface OtherRelease {
  answer(questions: readonly Question[]): readonly Answer[]
  remove(): void
}

/** What the other release has in place of a text of a file of ours. */
export interface Change {
  readonly file: string
  readonly from: RegExp
  readonly to: string
}

const CHILD = `
import { readFileSync } from 'node:fs'
import { EMPTY_CALL, merge, observe, timeline } from './index.ts'
const answers = JSON.parse(readFileSync(0, 'utf8')).map(({ call = EMPTY_CALL, events, other }) => {
  const decisions = []
  for (const event of events) {
    const observed = observe(call, event)
    call = observed.call
    decisions.push(observed.decision)
  }
  if (other !== undefined) call = merge(call, other)
  return { call, timeline: timeline(call), decisions }
})
process.stdout.write(JSON.stringify(answers))
`

/** Copies the core's source, changes it, and answers with it. */
export function releaseWith(changes: readonly Change[]): OtherRelease {
  const folder = mkdtempSync(join(tmpdir(), 'callstate-other-table-'))
  for (const name of readdirSync(import.meta.dirname)) {
    const isSource = name.endsWith('.ts') && !/\.(test|test-d|fixture)\.ts$/.test(name)
    if (isSource) cpSync(join(import.meta.dirname, name), join(folder, name))
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'child.ts'), CHILD)
  for (const { file, from, to } of changes) {
    const path = join(folder, file)
    const before = readFileSync(path, 'utf8')
    const after = before.replace(from, () => to)
    if (after === before) throw new Error(`Nothing in ${file} is like ${from}.`)
    writeFileSync(path, after)
  }
  return {
    answer(questions) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'child.ts')], {
        input: JSON.stringify(questions),
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      })
      if (status !== 0) throw new Error(`The other release failed: ${stderr}`)
      return JSON.parse(stdout)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
