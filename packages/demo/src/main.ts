// `npm start`: the whole story. Emulated providers place calls and tell of them in a storm; a service
// with a webhook handler and a tracker on SQLite hears of them; at the end every call must have the
// status that it truly has.

import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { WEATHERS, type WeatherName } from '@callstate/emulator'
import { look, type View } from './beliefs.ts'
import { addsUp } from './money.ts'
import { buildPage } from './page.ts'
import { reportText } from './report.ts'
import { createScreen } from './screen.ts'
import { placeCalls } from './traffic.ts'
import { startWorld, type World } from './world.ts'

const USAGE = `Usage: npm start -- [--keep] [--calls N] [--weather ${Object.keys(WEATHERS).join('|')}] [--seed S]

  --keep     stay up afterwards, for your own requests
  --calls    how many calls are placed; 200 by default
  --weather  what happens to webhooks; storm by default
  --seed     repeats the fates and the weather of an earlier run

Exit code: 0 where the tracker is right about every call and its costs, 1 where it is not, 2 for wrong usage,
130 where it was interrupted.

Examples:
  $ npm start
  $ npm start -- --keep
  $ npm start -- --calls 1000 --weather rain --seed 7
`

/** More would be placed faster than one process tells of them. */
const MAX_CALLS = 2000
/** A minute of a call takes half a second. */
const SPEED = 120
/** How long calls are placed, in real time. */
const PLACING_MS = 10_000
const SHOW_EVERY_MS = 200
/** When a run is over at the latest, in real time; the calls that differ then are listed. */
const LIMIT_MS = 90_000

const options = readOptions()
await buildPage()
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) {
  // A listener that stays: what draws the table would end the process when the last one is gone.
  process.on(signal, () => {
    if (stopping.signal.aborted) process.exit(130)
    stopping.abort()
  })
}
process.exitCode = await tellStory()

async function tellStory(): Promise<number> {
  await using world = await startWorld({ ...options, speed: SPEED })
  console.log(
    `${options.calls} calls in "${options.weather}" weather, seed ${options.seed}: ` +
      `emulator → webhooks → tracker on SQLite. A minute takes ${60 / SPEED} s.\n` +
      `Watch it: ${world.inspector.url}\n`,
  )
  const view = await watch(world)
  if (stopping.signal.aborted) {
    console.log(
      `\nInterrupted: ${view.truth.totals.settled} of ${view.truth.totals.calls} calls were over.`,
    )
    return 130
  }
  console.log(`\n${reportText(view, world)}`)
  if (options.keep) await keep(world)
  else console.log('"npm start -- --keep" leaves all of it up, the page too.')
  return view.disagreements.length === 0 && addsUp(view.money) ? 0 : 1
}

/** Shows both sides until all calls are over and the tracker knows it. */
async function watch(world: World): Promise<View> {
  const { signal } = stopping
  const screen = createScreen(process.stdout)
  const startedAt = performance.now()
  let isOver = false
  const running = placeCalls(world, options.calls, PLACING_MS, signal)
    .then(() => world.emulator.idle())
    .finally(() => {
      isOver = true
    })
  // Whoever waits for it hears of its failure; who gave up does not care.
  running.catch(() => {})
  for (;;) {
    if (isOver) await running
    const view = await look(world)
    const ms = performance.now() - startedAt
    screen.show(view, world, ms / 1000)
    const isRight = isOver && view.disagreements.length === 0 && addsUp(view.money)
    if (isRight || ms > LIMIT_MS || signal.aborted) {
      screen.end()
      return view
    }
    await wait(SHOW_EVERY_MS)
  }
}

async function keep({ emulator, inspector, webhookUrl, database }: World): Promise<void> {
  console.log(`Still up, until Ctrl+C:
  Bolna      ${emulator.at('bolna').url} (any API key)
  Dialgen    ${emulator.at('dialgen').url}
  truth      ${emulator.url}/emulator/truth
  the calls  ${inspector.url}
  webhooks   ${webhookUrl}/bolna and /dialgen
  database   ${database}

Place a call, and look at it:
  curl -H 'authorization: Bearer any' -H 'content-type: application/json' ${emulator.at('bolna').url}/call \\
    -d '{"agent_id": "123e4567-e89b-12d3-a456-426655440000", "recipient_phone_number": "+12025550123"}'
  npm run -s callstate -- calls --db ${database} --limit 5
`)
  await new Promise<void>((resolve) => {
    // A timer holds the process; the signal ends both.
    const timer = setInterval(() => {}, 60_000)
    const end = () => {
      clearInterval(timer)
      resolve()
    }
    if (stopping.signal.aborted) end()
    else stopping.signal.addEventListener('abort', end)
  })
}

interface Options {
  readonly keep: boolean
  readonly calls: number
  readonly weather: WeatherName
  readonly seed: string
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        keep: { type: 'boolean', default: false },
        calls: { type: 'string', default: '200' },
        weather: { type: 'string', default: 'storm' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      console.log(USAGE)
      process.exit(0)
    }
    const calls = Number(values.calls)
    if (!(Number.isSafeInteger(calls) && calls >= 1 && calls <= MAX_CALLS)) {
      throw new Error(
        `expected --calls to be a whole number from 1 to ${MAX_CALLS}, got "${values.calls}"`,
      )
    }
    const weather = Object.keys(WEATHERS).find((name) => name === values.weather)
    if (weather === undefined) {
      const names = Object.keys(WEATHERS).join(', ')
      throw new Error(`expected --weather to be one of ${names}, got "${values.weather}"`)
    }
    return { keep: values.keep, calls, weather: weather as WeatherName, seed: values.seed }
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    process.exit(2)
  }
}
