// Makes the pictures of the inspector in `docs/pictures/` anew, run by `pnpm make-pictures`: the page in
// the Chromium of its tests, over emulated calls on the step clock, so that every run shows the same calls.

import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '@callstate/checks/command'
import { startInspector } from '@callstate/inspector'
import { actorsSource } from '@callstate/inspector/xstate'
import { callMachine } from 'callstate/machine'
import { createActor, createMachine } from 'xstate'
import { attachTo } from '../../inspector/test/browser/attach.fixture.ts'
import { launchChromium } from '../../inspector/test/browser/chromium.fixture.ts'
import {
  placeBolnaCall,
  placeDialgenCall,
  prepareBolnaBatch,
  startWorld,
  type World,
} from '../../inspector/test/browser/world.fixture.ts'
import { allCalls } from '../../tracker/test/all-calls.ts'

const PICTURES = join(ROOT, 'docs/pictures')
const MAX_BYTES = 200_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const STARTED_AT = Date.UTC(2026, 0, 5, 15)
const MINUTES = 12
const BOLNA_CALLS = 24
const DIALGEN_CALLS = 10
const BATCH_CALLS = 9

const DESK = { viewport: { width: 1280, height: 800 } }
const TALL = { viewport: { width: 1280, height: 1592 } }
const PHONE = { viewport: { width: 390, height: 1000 }, deviceScaleFactor: 1.5, isMobile: true }

await using browser = await launchChromium()
await mkdir(PICTURES, { recursive: true })
// First, so that its actors have the first numbers.
await pictureOfActors()
await picturesOfCalls()

async function picturesOfCalls(): Promise<void> {
  await using world = await startWorld({ seed: 'pictures', weather: 'storm' })
  const story = await liveThrough(world)
  const { url } = world.inspector
  const call = `${url}#/calls/${encodeURIComponent(`bolna ${story}`)}`
  await take('inspector-light', url, '.rows .item', DESK)
  await take('inspector-dark', url, '.rows .item', { ...DESK, colorScheme: 'dark' })
  await take('inspector-call', call, '.events', { ...TALL, part: '.stage' })
  await take('inspector-phone', call, '.events', PHONE)
}

/** Twelve minutes of many calls. Answers one with a longer story, which began hours before. */
async function liveThrough(world: World): Promise<string> {
  const { emulator, tracker } = world
  const retries = { retry_config: { enabled: true, max_retries: 1 } }
  const story = await placeBolnaCall(world, 0, 'retried', retries)
  await emulator.idle()
  await emulator.advance(HOUR_MS)
  // The storm took the last word on it.
  await world.poller.runOnce()
  for (let minute = 1; minute <= MINUTES; minute++) {
    if (minute === MINUTES) await prepareBolnaBatch(world, BATCH_CALLS)
    for (let index = 0; index < BOLNA_CALLS; index++) {
      const fate = index < 2 ? 'balance-low' : undefined
      await placeBolnaCall(world, minute * BOLNA_CALLS + index, fate, fate ? {} : { user_data: {} })
      if (index % 6 === 0) await emulator.advance(MINUTE_MS / 4)
    }
    for (let index = 0; index < DIALGEN_CALLS; index++) await placeDialgenCall(world, index)
  }
  await emulator.advance(5000)
  await contradict(tracker, story)
  await emulator.advance(15_000)
  return story
}

/** What no weather does: calls that have ended are said to be busy, and one is said to be nonsense. */
async function contradict(tracker: World['tracker'], story: string): Promise<void> {
  const ended = (await allCalls(tracker)).filter(
    ({ provider, status }) => provider === 'bolna' && status === 'completed',
  )
  const ids = ended.slice(0, 4).map(({ callId }) => callId)
  for (const id of [...ids, story]) {
    await tracker.ingest({ provider: 'bolna', body: { id, status: 'busy' } })
  }
  await tracker.ingest({ provider: 'bolna', body: { id: ids[1], status: 'transferring' } })
}

/** Two calls and a machine of somebody's own, attached over the protocol of the XState inspector. */
async function pictureOfActors(): Promise<void> {
  const source = actorsSource({ now: () => STARTED_AT })
  await using inspector = await startInspector({ source })
  const { inspect, stop } = attachTo(inspector.attachUrl)
  const own = createMachine({ id: 'dialer', initial: 'dialing', states: { dialing: {} } })
  createActor(own, { inspect }).start()
  createActor(callMachine, { inspect }).start()
  const actor = createActor(callMachine, { inspect }).start()
  const statuses = ['initiated', 'ringing', 'in-progress', 'ringing', 'call-disconnected'] as const
  for (const [place, type] of statuses.entries()) {
    actor.send({ type, occurredAt: STARTED_AT - (statuses.length - place) * 4000 })
  }
  await take('xstate-inspector', inspector.url, '.badge.finding', DESK, async (page) => {
    await page.locator('.item').first().click()
    await page.locator('.events').waitFor()
    // To what was refused.
    await page.keyboard.press('ArrowLeft')
  })
  stop()
}

/** A browser window, and the part of the page that is taken; by default what is in view. */
type View = NonNullable<Parameters<typeof browser.newContext>[0]> & { readonly part?: string }
type Page = Awaited<ReturnType<typeof browser.newPage>>

/** Takes one picture, when what it is of is there and every number stands still. */
async function take(
  name: string,
  url: string,
  wanted: string,
  { part, ...view }: View,
  show?: (page: Page) => Promise<unknown>,
): Promise<void> {
  await using context = await browser.newContext({ timezoneId: 'UTC', locale: 'en-US', ...view })
  const page = await context.newPage()
  await page.goto(url)
  await page.locator(wanted).first().waitFor()
  await show?.(page)
  await page.locator('.totals div', { hasText: /^events\/s0$/ }).waitFor()
  const path = join(PICTURES, `${name}.png`)
  await (part === undefined ? page : page.locator(part)).screenshot({
    path,
    animations: 'disabled',
  })
  const { size } = await stat(path)
  if (size > MAX_BYTES) throw new Error(`${name}.png has ${size} bytes; ${MAX_BYTES} are allowed.`)
  console.log(`${name}.png  ${Math.round(size / 1000)} kB`)
}
