import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startEmulator, type Truth, WEATHERS } from '../../emulator/src/index.ts'
import { MONEY_SCENARIO, moneyRecord, placeMoneyCall } from './money-calls.ts'
import { type Listed, moneyReport } from './money-law.ts'
import { attemptName, booksOf, type LedgerLine } from './money-ledger.ts'

// The law itself is tried with a biller of a few lines that knows no tracker: one that does right is let
// through, and one that does as release 0.1 did is not.

/** What a message says, as a person would read it. */
interface Said {
  readonly id: string
  readonly status: string
  readonly retry_count: number
  readonly updated_at: string
  readonly total_cost: number | null
  readonly extracted_data: unknown
  readonly retry_history: readonly { readonly attempt: number; readonly status: string }[] | null
}

const CALLS = 120

/** A storm without a tracker: what came, in the order in which it came, and at the end every record. */
async function storm(): Promise<{ truth: Truth; heard: Said[]; records: Said[] }> {
  const heard: Said[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      heard.push(JSON.parse(Buffer.concat(parts).toString()))
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    await using emulator = await startEmulator({
      seed: 'the law',
      clock: 'step',
      weather: { ...WEATHERS.storm, corrected: 0.4 },
      scenario: MONEY_SCENARIO,
      rateLimits: false,
      webhooks: { bolna: { url } },
    })
    for (let index = 0; index < CALLS; index++) await placeMoneyCall(emulator, index)
    await emulator.idle()
    const truth = emulator.truth()
    const records: Said[] = []
    for (const { id } of truth.calls) records.push((await moneyRecord(emulator, id)) as Said)
    return { truth, heard, records }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const ENDS = /^(completed|busy|no-answer|failed|error|canceled|stopped|balance-low)$/

/** Bills from messages: the latest one of each attempt's end counts. */
function bill(messages: readonly Said[], attemptOf: (said: Said) => number) {
  const lines: LedgerLine[] = []
  const ends = new Map<string, string>()
  const latest = new Map<string, { readonly at: string; readonly cents: number }>()
  const extracted = new Set<string>()
  for (const said of messages) {
    const { id: callId, status, updated_at: at, total_cost: cents, retry_history } = said
    for (const one of retry_history ?? []) ends.set(attemptName(callId, one.attempt), one.status)
    if (!ENDS.test(status)) continue
    const attempt = attemptOf(said)
    const name = attemptName(callId, attempt)
    ends.set(name, status)
    if (said.extracted_data !== null && !extracted.has(name)) {
      extracted.add(name)
      lines.push({ fact: 'extraction', key: name, callId, attempt, dataOf: attempt, cents: null })
    }
    const known = latest.get(name)
    if (cents === null || (known !== undefined && known.at >= at)) continue
    latest.set(name, { at, cents })
    const key = `${name} ${at}`
    const of = { key, callId, attempt, dataOf: attempt, cents }
    if (known === undefined) lines.push({ fact: 'ready', ...of })
    else if (known.cents !== cents) {
      lines.push({ fact: 'corrected', ...of, before: known.cents })
    }
  }
  const listed = new Map<string, readonly string[]>()
  for (const [name, end] of ends) {
    const missing = [
      ...(/completed|error/.test(end) && !latest.has(name) ? ['cost'] : []),
      ...(end === 'completed' && !extracted.has(name) ? ['extraction'] : []),
    ]
    if (missing.length > 0) listed.set(name, missing)
  }
  return { lines, listed }
}

const { truth, heard, records } = await storm()
const right = bill([...heard, ...records], (said) => said.retry_count + 1)
const held = (lines: readonly LedgerLine[], listed: Listed = right.listed, isSwept = true) =>
  moneyReport(truth, booksOf(lines), listed, { isSwept })

describe('the law about money', () => {
  test('lets a biller through who reads every attempt by itself', () => {
    const report = held(right.lines)
    expect(report.problems).toEqual([])
    expect([report.charged.count > CALLS, report.listed.count > 0]).toEqual([true, true])
    expect(report.extractions).toBeGreaterThan(20)
    expect(report.charged.cents + report.listed.cents + report.untold.cents).toBeCloseTo(
      report.truth,
      6,
    )
  })

  test('knows a correction that was not told from one that was not heeded', () => {
    // Nobody asked for any record: what was lost of the latest attempts is missing, and nobody knows it.
    const { lines, listed } = bill(heard, (said) => said.retry_count + 1)
    const { untold, problems: words } = held(lines, listed, false)
    expect(untold.count).toBeGreaterThan(0)
    expect(words.filter((word) => !/neither|extraction|the sum/.test(word))).toEqual([])
    expect(words.some((word) => word.includes('neither charged'))).toBe(true)
    const first = held(right.lines.filter(({ fact }) => fact !== 'corrected'))
    expect(first.problems.some((word) => word.includes('told was'))).toBe(true)
  })

  const [line] = right.lines.filter(({ fact, cents }) => fact === 'ready' && cents !== 0)
  const name = line === undefined ? '' : attemptName(line.callId, line.attempt)
  test.each<readonly [string, readonly LedgerLine[], Listed, string]>([
    [
      'data of all attempts in one',
      bill([...heard, ...records], () => 1).lines,
      right.listed,
      'its amounts were',
    ],
    [
      'a charge that is left out',
      right.lines.filter((one) => one !== line),
      right.listed,
      'was told',
    ],
    [
      'what is charged and listed',
      right.lines,
      new Map([...right.listed, [name, ['cost']]]),
      'and listed',
    ],
    ['what is neither', right.lines, new Map(), 'neither charged'],
    [
      'an extraction under two keys',
      [...right.lines, ...right.lines.map((one) => ({ ...one, key: `${one.key}.2` }))].filter(
        ({ fact, key }) => fact === 'extraction' || !key.endsWith('.2'),
      ),
      right.listed,
      'handed on 2 times',
    ],
    [
      'a second ready',
      [
        ...right.lines,
        ...right.lines.filter((one) => one === line).map((one) => ({ ...one, key: 'again' })),
      ],
      right.listed,
      'ready a second time',
    ],
    [
      'another fact under one key',
      [
        ...right.lines,
        ...right.lines.filter((one) => one === line).map((one) => ({ ...one, cents: 1 })),
      ],
      right.listed,
      'another fact',
    ],
    [
      'the data of another attempt',
      right.lines.map((one) => ({ ...one, dataOf: 1 })),
      right.listed,
      'the data of attempt 1',
    ],
    [
      'an attempt that never was',
      [
        ...right.lines,
        { fact: 'ready', key: 'x', callId: 'nobody', attempt: 1, dataOf: 1, cents: 1 },
      ],
      right.listed,
      'no such attempt',
    ],
  ])('does not let through %s', (_, lines, listed, words) => {
    expect(held(lines, listed).problems.join('\n')).toContain(words)
  })
})
