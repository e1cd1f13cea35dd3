import { readFile, writeFile } from 'node:fs/promises'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type CallSource, logSource, trackerSource } from '@callstate/inspector'
import { createBoard } from '@callstate/inspector/internal'
import { createTracker, type IngestInput } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { PROVIDERS } from 'callstate/providers/all'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readLoggedCalls } from '../src/inspect/logged-calls.ts'
import { runHere } from './memory-terminal.ts'
import { temporaryFolder } from './small-database.ts'

// What is odd about a call is one number, wherever it is asked for: `check` counts while it reads, the page
// over a log replays it, the page over a tracker hears of every change or finds the calls in a list.

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

/** By call: how many findings there are. */
type Findings = Readonly<Record<string, number>>

const bolna = (id: string, ...statuses: readonly string[]) =>
  statuses.map((status) => ({ id, status, user_number: null }))
const dialgen = (callId: string, ...tellings: readonly object[]) =>
  tellings.map((telling) => ({ callId, ...telling }))

const OUT_OF_CREDITS = { status: 'FAILED', error: 'INSUFFICIENT_CREDITS' }

/** Calls with what is odd about them, counted by hand. */
const MADE: readonly { readonly findings: number; readonly bodies: readonly object[] }[] = [
  // Dialgen says so by design.
  { findings: 0, bodies: dialgen('call_1', { status: 'ONGOING' }, OUT_OF_CREDITS) },
  { findings: 0, bodies: dialgen('call_2', OUT_OF_CREDITS, { status: 'ONGOING' }) },
  { findings: 1, bodies: bolna('two-ends', 'busy', 'completed', 'completed') },
  { findings: 2, bodies: bolna('three-ends', 'busy', 'completed', 'failed', 'busy') },
  // Neither can be where it was busy, and one follows on the other.
  { findings: 2, bodies: bolna('after-busy', 'busy', 'in-progress', 'call-disconnected') },
  { findings: 2, bodies: bolna('words', 'warp', 'queued', 'warp', 'drive', 'warp') },
  { findings: 0, bodies: bolna('late', 'completed', 'in-progress', 'queued') },
]

const exampleLog = (name: string) =>
  fileURLToPath(new URL(`../../../docs/examples/${name}.ndjson`, import.meta.url))

async function madeLog(): Promise<string> {
  const path = folder.path('made.ndjson')
  const bodies = MADE.flatMap((call) => call.bodies)
  await writeFile(path, bodies.map((body) => `${JSON.stringify(body)}\n`).join(''))
  return path
}

async function findingsByCheck(path: string): Promise<Findings> {
  const { stdout } = await runHere(['check', path, '--format', 'json'])
  const { calls } = JSON.parse(stdout) as {
    calls: { provider: string; id: string; findings: unknown[] }[]
  }
  return Object.fromEntries(
    calls.map(({ provider, id, findings }) => [`${provider} ${id}`, findings.length]),
  )
}

/** Waits until the page has these findings; says how they differ where it has others. */
async function expectOnPage(source: CallSource, expected: Findings, tell = async () => {}) {
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  await tell()
  await vi.waitFor(() => {
    const rows = [...board.rows()].map(({ key, findings }) => [key, findings])
    expect(Object.fromEntries(rows)).toEqual(expected)
  })
  await source.close()
}

async function loggedSource(path: string): Promise<CallSource> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = { stdin: Readable.from([]), stdout: silent, stderr: silent, env: {} }
  const { calls, invalid } = await readLoggedCalls([path], [], terminal)
  invalid.close()
  return logSource({ name: 'a log', calls, providers: PROVIDERS })
}

/** The messages of a log that somebody would have sent: whose they are, their shape says. */
async function messagesIn(path: string): Promise<readonly IngestInput[]> {
  const lines = (await readFile(path, 'utf8')).split('\n')
  return lines.flatMap((line) => {
    try {
      const told = JSON.parse(line)
      const { body = told } = told
      const decoded = typeof body === 'string' ? JSON.parse(body) : body
      const provider = PROVIDERS.find((one) => one.recognizes(decoded))
      return provider === undefined ? [] : [{ provider: provider.name, body: decoded }]
    } catch {
      return []
    }
  })
}

test('what is odd is what a person counts', async () => {
  const findings = Object.values(await findingsByCheck(await madeLog()))
  expect(findings).toEqual(MADE.map((call) => call.findings))
})

describe.each([
  ['bolna-bad-day', 3],
  ['bolna-clean-day', 0],
  ['dialgen-bad-day', 2],
  ['dialgen-clean-day', 0],
  ['made', 7],
])('%s has %i findings', (name, total) => {
  let path: string
  let expected: Findings
  beforeAll(async () => {
    path = name === 'made' ? await madeLog() : exampleLog(name)
    expected = await findingsByCheck(path)
  })

  test('in the report of check', () => {
    expect(Object.values(expected).reduce((sum, findings) => sum + findings, 0)).toBe(total)
  })

  test('on the page over the log', async () => {
    await expectOnPage(await loggedSource(path), expected)
  })

  test('on the page over a tracker, whether it hears of the calls or finds them', async () => {
    const messages = await messagesIn(path)
    await using tracker = createTracker({ store: createMemoryStore(), providers: PROVIDERS })
    const tell = async () => {
      for (const message of messages) await tracker.ingest(message)
    }
    await expectOnPage(trackerSource(tracker, { name: 'calls' }), expected, tell)
    await expectOnPage(trackerSource(tracker, { name: 'calls' }), expected)
  })
})
