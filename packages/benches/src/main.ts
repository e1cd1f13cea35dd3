// `pnpm bench`: how fast the built packages are, as ratios to what they are compared with. Both sides
// always run in one go, by turns, because only a ratio means something on another machine.

import { existsSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '@callstate/checks/command'
import { machine, type Section, sectionAsData, sectionAsText } from './report.ts'

const SECTIONS = [
  'transition',
  'observe',
  'parse',
  'upgrade',
  'check',
  'tracker',
  'register',
  'emulator',
  'page',
] as const
/** Builds release 0.1 first, which takes minutes: only where it is asked for. */
const NOT_QUICK: readonly string[] = ['upgrade']

const USAGE = `Usage: pnpm bench [--only ${SECTIONS.join('|')}] [--quick] [--format text|json]

  --only    one part alone; may be given more than once
  --quick   small sizes: shows that everything runs, says nothing about ratios; leaves upgrade out
  --format  json prints one object with every figure`

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    format: { type: 'string', default: 'text' },
    help: { type: 'boolean', default: false },
  },
})
const { quick, format } = values
const { only = SECTIONS.filter((name) => !(quick && NOT_QUICK.includes(name))) } = values
if (values.help || !['text', 'json'].includes(format) || only.some((name) => !isSection(name))) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 2)
}
const LIBRARY = 'callstate/dist/index.js'
const TRACKER = 'tracker/dist/index.js'
/** What must have been built for a part, below `packages/`. */
const BUILT: Readonly<Record<(typeof SECTIONS)[number], readonly string[]>> = {
  transition: [LIBRARY],
  observe: [LIBRARY],
  parse: [LIBRARY],
  upgrade: [LIBRARY, TRACKER],
  check: [LIBRARY, 'cli/dist/main.js'],
  tracker: [LIBRARY, TRACKER],
  register: [LIBRARY, TRACKER],
  emulator: [LIBRARY, 'emulator/dist/index.js'],
  page: [LIBRARY, TRACKER, 'inspector/dist/index.js'],
}
const wanted = SECTIONS.filter((name) => only.includes(name))
for (const name of wanted.flatMap((section) => BUILT[section])) {
  if (!existsSync(join(ROOT, 'packages', name))) {
    throw new Error(`packages/${name} is not there: run "pnpm build" first.`)
  }
}

const effort = quick ? { rounds: 3, sliceMs: 5 } : { rounds: 41, sliceMs: 40 }
const crowd = quick
  ? { rounds: 1, few: 10, many: 40, speed: 600 }
  : { rounds: 3, few: 1000, many: 10_000, speed: 60 }
const log = quick ? { bytes: 5e6, rounds: 1 } : { bytes: 200e6, rounds: 7 }
const registering = quick
  ? { rounds: 1, calls: 100, quietMs: 100 }
  : { rounds: 3, calls: 1_000_000, quietMs: 15_000 }
const ingesting = { rounds: 9, single: 30, batched: 1000 }
// To the error output, so that what is read by programs stays clean.
const onProgress = (text: string) => quick || console.error(text)

const sections: Section[] = []
if (format === 'text') {
  const { cpu, cores, memoryGB, system, node } = machine()
  console.log(`${cpu}, ${cores} cores, ${memoryGB} GB, ${system}, Node ${node}\n`)
  const [load = 0] = loadavg()
  if (!quick && load > 0.5) {
    console.log(
      `Load ${load.toFixed(1)}: other work disturbs the figures; trust small spreads only.\n`,
    )
  }
}
for (const name of wanted) {
  for await (const section of await bench(name)) {
    sections.push(section)
    if (format === 'text') console.log(sectionAsText(section, !quick))
  }
}
if (format === 'json') {
  console.log(
    JSON.stringify({ machine: machine(), quick, sections: sections.map(sectionAsData) }, null, 2),
  )
}

function isSection(name: string): name is (typeof SECTIONS)[number] {
  return SECTIONS.some((known) => known === name)
}

async function bench(
  name: (typeof SECTIONS)[number],
): Promise<Iterable<Section> | AsyncIterable<Section>> {
  // Loaded only when wanted: a part that was left out does not warm up the library for another.
  switch (name) {
    case 'transition':
      return [(await import('./lifecycle.ts')).benchTransition(effort)]
    case 'observe':
      return [(await import('./lifecycle.ts')).benchObserve(effort)]
    case 'parse':
      return (await import('./parse.ts')).benchParse(effort)
    case 'upgrade':
      return (await import('./upgrade.ts')).benchUpgrade(effort, ingesting)
    case 'check':
      return [await (await import('./check.ts')).benchCheck(log.bytes, log.rounds)]
    case 'tracker':
      return (await import('./tracker.ts')).benchTracker(quick)
    case 'register':
      return [
        await (await import('./tracker-register.ts')).benchRegister({ ...registering, onProgress }),
      ]
    case 'emulator':
      return (await import('./emulator.ts')).benchEmulator(crowd)
    case 'page':
      return [await (await import('./page.ts')).benchPage(quick ? 2000 : 50_000, quick ? 1 : 3)]
    default:
      return name satisfies never
  }
}
