// The library as it is built beside release 0.1, in one run: bundled alike, on the same events and bodies.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type BundleOptions, bundle } from '@callstate/checks/bundle'
import { ROOT } from '@callstate/checks/command'
import type { CallEvent } from 'callstate'
import { type Effort, measure, ratioOf, type Side } from './measure.ts'
import { openRelease01 } from './release-0.1.ts'
import type { Comparison, Section } from './report.ts'
import { benchTrackerUpgrade, type TrackerUpgradeEffort } from './tracker-upgrade.ts'
import { BATCH, CALL_EVENTS, EVENTS, expectEnd, TIMED_EVENTS } from './walks.ts'
import { FINISHED_BODIES, WEBHOOK_BODIES } from './webhook-bodies.ts'

interface Known {
  readonly status: unknown
}

/** What is measured of a release, in words that both have in common. */
interface Release {
  readonly name: string
  /** How `callstate` is found when it is bundled. */
  readonly resolution: BundleOptions
  observe(before: Known | undefined, event: CallEvent): Known
  /** The call after one more webhook of Bolna's. */
  take(before: Known | undefined, body: unknown): Known
}

/** What 0.1 exports. */
interface Library01 {
  observe(before: Known | undefined, event: unknown): { readonly call: Known }
  readonly bolna: {
    parse(body: unknown): { readonly ok: boolean; readonly value?: unknown }
  }
}

interface LibraryNow {
  observe(
    before: Known | undefined,
    event: unknown,
    options?: { readonly provider: unknown },
  ): { readonly call: Known }
  readonly bolna: {
    read(message: { readonly body: unknown; readonly kind: 'webhook' }): {
      readonly ok: boolean
      readonly events?: readonly unknown[]
    }
  }
}

const LIBRARY = `
  export { observe } from 'callstate'
  export { bolna } from 'callstate/providers/bolna'`
const ONE_FUNCTION = "export { isTerminal } from 'callstate'"
const REPEATS = 50
/** Of this package's bundles; zod is found where the library of today finds it. */
const PLATFORM = {
  platform: 'node',
  nodePaths: [join(ROOT, 'packages/callstate/node_modules')],
} as const

/** At most 1.1 times the time of 0.1, as speed. */
const OBSERVING = { unit: 'ns/event', aim: { atLeast: 0.91 } } as const
const PARSING = { unit: 'ns/webhook', aim: { atLeast: 1 } } as const

type Releases = readonly [before: Release, now: Release]

/** The library first, then the tracker's `ingest`. */
export async function* benchUpgrade(
  effort: Effort,
  ingest: TrackerUpgradeEffort,
): AsyncGenerator<Section> {
  yield* await benchLibrary(effort)
  yield* benchTrackerUpgrade(ingest)
}

async function benchLibrary(effort: Effort): Promise<readonly Section[]> {
  const folder = await mkdtemp(join(tmpdir(), 'callstate-upgrade-'))
  try {
    const releases: Releases = [
      await loadRelease01(folder, { ...PLATFORM, resolveDir: await openRelease01() }),
      await loadNow(folder, PLATFORM),
    ]
    const finished = { title: 'parse and observe a finished call’s webhook', ...PARSING }
    const all = { title: 'parse and observe all webhooks of a call', ...PARSING }
    const decoded = { title: 'the same without JSON.parse', unit: 'ns/webhook', aim: null }
    return [
      compare({ title: 'observe', ...OBSERVING }, releases.map(observing(CALL_EVENTS)), effort),
      compare(
        { title: 'observe, timed', ...OBSERVING },
        releases.map(observing(TIMED_EVENTS)),
        effort,
      ),
      compare(finished, releases.map(taking(FINISHED_BODIES)), effort),
      compare(all, releases.map(taking(WEBHOOK_BODIES)), effort),
      compare(decoded, releases.map(takingDecoded(WEBHOOK_BODIES)), effort),
      await sizes(releases),
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function loadRelease01(folder: string, resolution: BundleOptions): Promise<Release> {
  const { observe, bolna } = await load<Library01>(join(folder, 'before.mjs'), resolution)
  return {
    name: '0.1',
    resolution,
    observe: (before, event) => observe(before, event).call,
    take(before, body) {
      const parsed = bolna.parse(body)
      if (!parsed.ok) throw new Error('0.1 refused a body.')
      return observe(before, parsed.value).call
    },
  }
}

async function loadNow(folder: string, resolution: BundleOptions): Promise<Release> {
  const { observe, bolna } = await load<LibraryNow>(join(folder, 'now.mjs'), resolution)
  const options = { provider: bolna }
  return {
    name: 'now',
    resolution,
    observe: (before, event) => observe(before, event).call,
    take(before, body) {
      const [event, ...others] = bolna.read({ body, kind: 'webhook' }).events ?? []
      if (event === undefined || others.length > 0) throw new Error('A body tells not one event.')
      return observe(before, event, options).call
    },
  }
}

async function load<Library>(file: string, resolution: BundleOptions): Promise<Library> {
  await writeFile(file, await bundle(LIBRARY, resolution))
  return import(pathToFileURL(file).href)
}

const observing =
  (calls: readonly (readonly CallEvent[])[]) =>
  ({ name, observe }: Release): Side => ({
    name,
    operations: EVENTS,
    run() {
      for (const [place, events] of calls.entries()) {
        let call: Known | undefined
        for (const event of events) call = observe(call, event)
        expectEnd(BATCH[place], call?.status, name)
      }
    },
  })

const taking =
  (bodies: readonly string[]) =>
  ({ name, take }: Release): Side => ({
    name,
    operations: bodies.length * REPEATS,
    run() {
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        let call: Known | undefined
        for (const body of bodies) call = take(call, JSON.parse(body))
        if (call?.status !== 'completed') throw new Error(`The call ended in ${call?.status}.`)
      }
    },
  })

/** What the library alone does: most of the time of `taking` goes to `JSON.parse`. */
const takingDecoded = (texts: readonly string[]) => {
  const bodies: readonly unknown[] = texts.map((text) => JSON.parse(text))
  return ({ name, take }: Release): Side => ({
    name,
    operations: bodies.length * REPEATS,
    run() {
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        let call: Known | undefined
        for (const body of bodies) call = take(call, body)
        if (call?.status !== 'completed') throw new Error(`The call ended in ${call?.status}.`)
      }
    },
  })
}

function compare(
  { title, unit, aim }: Pick<Section, 'title' | 'unit'> & Pick<Comparison, 'aim'>,
  sides: readonly Side[],
  effort: Effort,
): Section {
  const [before, now] = measure(sides, effort)
  if (before === undefined || now === undefined) throw new Error('Nothing was measured.')
  return {
    title: `${title}, beside 0.1`,
    unit,
    note: 'Both bundled alike; now with what the provider says, as the documents tell to.',
    sides: [before, now],
    comparisons: [{ name: `0.1 ÷ now: ${title}`, ratio: ratioOf(before, now), aim }],
  }
}

async function sizes(releases: Releases): Promise<Section> {
  const sides = await Promise.all(
    releases.map(async ({ name, resolution }) => {
      const code = await bundle(ONE_FUNCTION, { ...resolution, platform: 'browser' })
      return { name, values: [gzipSync(code, { level: 9 }).length] }
    }),
  )
  const [before, now] = sides
  if (before === undefined || now === undefined) throw new Error('Nothing was measured.')
  return {
    title: "import { isTerminal } from 'callstate', beside 0.1",
    unit: 'bytes',
    note: 'Bundled and minified, gzipped.',
    sides,
    comparisons: [{ name: '0.1 ÷ now', ratio: ratioOf(before, now), aim: null }],
  }
}
