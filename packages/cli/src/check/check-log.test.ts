import { Readable } from 'node:stream'
import { CALL_STATUSES, outcome, replay, timeline } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseProviders } from '../providers/choose-providers.ts'
import { type CheckSettings, checkLog } from './check-log.ts'
import { reportJson } from './report-json.ts'

interface ReportedCall {
  readonly id: string
  readonly status: string | null
  readonly outcome: string
  readonly timeline: unknown
  readonly findings: readonly { readonly line: number }[]
}

interface Checked {
  readonly calls: readonly ReportedCall[]
  readonly totals: { lines: number; events: number; calls: number; other: number; invalid: number }
  readonly invalid: readonly { file: string; line: number; message: string }[]
}

async function check(log: string | Buffer, changed: Partial<CheckSettings> = {}): Promise<Checked> {
  const checked = await checkLog(
    [{ path: '-', shownAs: 'log' }],
    {
      providers: await chooseProviders([]),
      maxLineBytes: 100_000,
      strict: true,
      workers: 0,
      keepAllInvalid: true,
      ...changed,
    },
    { stdin: Readable.from([Buffer.from(log)], { objectMode: false }) },
  )
  const report = [...reportJson(checked)].join('')
  checked.invalid.close()
  expect(checked.unreadable).toEqual([])
  return JSON.parse(report)
}

/** A call whose findings do not say where they are. */
function withoutLines({ findings, ...call }: ReportedCall) {
  return { ...call, findings: findings.map(({ line: _line, ...finding }) => finding) }
}

const id = fc.constantFrom('c1', 'c2', 'c3', '__proto__', 'toString')
const status = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...CALL_STATUSES) },
  { weight: 1, arbitrary: fc.constantFrom('no_answer', 'warp-drive', '__proto__') },
)

const body = fc.record(
  {
    id,
    status,
    updated_at: fc
      .integer({ min: 0, max: 3600 })
      .map((second) => new Date(1_767_225_600_000 + second * 1000).toISOString()),
    retry_count: fc.oneof(fc.nat(3), fc.constantFrom('1', null, -1, 'x')),
    conversation_duration: fc.oneof(fc.nat(100), fc.constantFrom('49', '0.0', '', null)),
    answered_by_voice_mail: fc.constantFrom(null, true, false),
    transcript: fc.string({ unit: 'grapheme' }),
  },
  { requiredKeys: ['id', 'status'] },
)

const goodLine = fc.oneof(
  body.map((value) => JSON.stringify(value)),
  body.map((value) => JSON.stringify({ provider: 'bolna', body: value })),
  body.map((value) => JSON.stringify({ body: JSON.stringify(value) })),
)

/** Lines of which none can be an event, as bytes. */
const badLine: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .json()
    .filter((text) => !text.includes('"status"'))
    .map((text) => Buffer.from(text)),
  goodLine.map((text) => Buffer.from(text.slice(0, -1))),
  goodLine.map((text) => Buffer.from(`${text}}`)),
  fc
    .uint8Array({ minLength: 1, maxLength: 40 })
    .map((bytes) =>
      Buffer.concat([Buffer.from([0xff]), bytes.map((byte) => (byte === 10 ? 0 : byte))]),
    ),
  fc
    .constantFrom(
      '{"id":{},"status":"busy"}',
      '{"id":"c1","status":7}',
      '{"id":"c1","status":["busy"]}',
      '{"id":"","status":"busy"}',
      '{"__proto__":{"id":"c1","status":"busy"}}',
      '{"provider":"acme","body":{"id":"c1","status":"busy"}}',
      '{"body":"{"}',
      '{"id":"c1","status":NaN}',
      'null',
      `{"id":"c1","status":"busy","deep":${'['.repeat(200)}${']'.repeat(200)}}`,
      `{"id":"${'x'.repeat(600)}","status":"busy"}`,
      `{"id":"c1","status":"busy","retry_count":100000}`,
      '\0\0\0\0',
    )
    .map((text) => Buffer.from(text)),
)

interface LogLine {
  readonly good: boolean
  readonly bytes: Buffer
}

const log: fc.Arbitrary<LogLine[]> = fc.array(
  fc.oneof(
    goodLine.map((text) => ({ good: true, bytes: Buffer.from(text) })),
    badLine.map((bytes) => ({ good: false, bytes })),
  ),
  { maxLength: 60 },
)

const joined = (lines: readonly LogLine[], end = '\n') =>
  Buffer.concat(lines.flatMap(({ bytes }) => [bytes, Buffer.from(end)]))

describe('checkLog', () => {
  test('finds the same whatever the size of the blocks', async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.constantFrom('\n', '\r\n'), async (lines, end) => {
        const text = joined(lines, end)
        const expected = await check(text, { blockBytes: 4 * 1024 * 1024 })
        for (const blockBytes of [64, 1000])
          expect(await check(text, { blockBytes })).toEqual(expected)
      }),
    )
  })

  test('makes every damaged line a finding with its number, and reads the others as if it were alone', async () => {
    let damaged = 0
    await fc.assert(
      fc.asyncProperty(log, async (lines) => {
        const good = lines.filter((line) => line.good)
        const whole = await check(joined(lines), { blockBytes: 128 })
        const bad = lines.flatMap((line, index) => (line.good ? [] : [index + 1]))
        damaged += bad.length
        expect(whole.invalid.map(({ line }) => line)).toEqual(bad)
        expect(whole.totals).toMatchObject({
          lines: lines.length,
          events: good.length,
          invalid: bad.length,
        })
        const alone = await check(joined(good))
        expect(whole.calls.map(withoutLines)).toEqual(alone.calls.map(withoutLines))
      }),
      { numRuns: 300 },
    )
    expect(damaged).toBeGreaterThan(300)
  })

  test('repeats no text of a damaged line', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('{', '"', '[1,', '', '{"id":"c1","status":', '{"id":{"a":'),
        async (start) => {
          const { invalid } = await check(`${start}"+12025550123`)
          expect(invalid).toHaveLength(1)
          expect(JSON.stringify(invalid)).not.toContain('555')
        },
      ),
    )
  })

  test('comes to the states that the library comes to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(body, { maxLength: 60 }), async (bodies) => {
        const { calls } = await check(bodies.map((value) => JSON.stringify(value)).join('\n'))
        const events = bodies
          .map((value) => bolna.read({ body: value, kind: null }))
          .flatMap((reading) => (reading.ok && reading.type === 'events' ? reading.events : []))
        const ids = new Set(events.map(({ callId }) => callId))
        expect(calls.map((call) => call.id)).toEqual([...ids])
        for (const call of calls) {
          const { call: expected } = replay(events.filter(({ callId }) => callId === call.id))
          expect(call.status).toBe(expected.status)
          expect(call.outcome).toBe(outcome(expected))
          expect(call.timeline).toEqual(
            timeline(expected).map((entry) => ({
              ...entry,
              occurredAt:
                entry.occurredAt === null ? null : new Date(entry.occurredAt).toISOString(),
            })),
          )
        }
      }),
    )
  })
})
