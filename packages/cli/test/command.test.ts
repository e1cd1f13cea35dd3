import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ran } from './memory-terminal.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The command as a process of its own, run from its sources. */
function start(
  args: readonly string[],
  stdio: StdioOptions = 'pipe',
): ChildProcess & Pick<Required<ChildProcess>, 'pid'> {
  const node = ['--conditions=@callstate/source', '--disable-warning=ExperimentalWarning', MAIN]
  return spawn(process.execPath, [...node, ...args], { cwd: folder, stdio }) as ReturnType<
    typeof start
  >
}

async function callstate(args: readonly string[], stdin: string | Buffer = ''): Promise<Ran> {
  const child = start(args)
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  child.stdin?.on('error', () => {}).end(stdin)
  const code = await new Promise<number>((resolve) => child.on('close', resolve))
  return { code, stdout, stderr }
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content)
  return name
}

const line = (id: string, status: string, second: number, more: object = {}) =>
  JSON.stringify({ id, status, updated_at: new Date(1_767_225_600_000 + second * 1000), ...more })

const clean = `${[
  line('c1', 'queued', 0),
  line('c1', 'ringing', 5),
  line('c1', 'in-progress', 9),
  line('c1', 'call-disconnected', 60),
  line('c1', 'completed', 72, { conversation_duration: 48.6 }),
].join('\n')}\n`

const reports = ({ stdout }: Ran) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text))

describe('callstate check', () => {
  test('prints a call with the specified keys in their order', async () => {
    const ran = await callstate(['check', '--format', 'ndjson'], clean)
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toBe(
      `${JSON.stringify({
        provider: 'bolna',
        id: 'c1',
        status: 'completed',
        class: 'terminal',
        phase: 'ended',
        group: 'successful',
        attempt: 1,
        settled: true,
        outcome: 'reached',
        timeline: [
          { attempt: 1, status: 'queued', occurredAt: '2026-01-01T00:00:00.000Z' },
          { attempt: 1, status: 'ringing', occurredAt: '2026-01-01T00:00:05.000Z' },
          { attempt: 1, status: 'in-progress', occurredAt: '2026-01-01T00:00:09.000Z' },
          { attempt: 1, status: 'call-disconnected', occurredAt: '2026-01-01T00:01:00.000Z' },
          { attempt: 1, status: 'completed', occurredAt: '2026-01-01T00:01:12.000Z' },
        ],
        decisions: {
          advanced: 5,
          retried: 0,
          late: 0,
          duplicate: 0,
          conflicting: 0,
          unrecognized: 0,
        },
        findings: [],
      })}\n`,
    )
  })

  test('prints calls, totals and invalid lines as one JSON document', async () => {
    const damaged = `${clean}{"id":\n${line('c2', 'warp-drive', 1)}\n`
    const name = await file('damaged.ndjson', damaged)
    const ran = await callstate(['check', '--format', 'json', name])
    expect(ran).toMatchObject({ code: 1, stderr: '' })
    const report = JSON.parse(ran.stdout)
    expect(Object.keys(report)).toEqual(['calls', 'totals', 'invalid'])
    expect(Object.keys(report.totals)).toEqual([
      'lines',
      'events',
      'calls',
      'other',
      'invalid',
      'decisions',
      'byStatus',
    ])
    expect(report.totals).toMatchObject({
      lines: 7,
      events: 6,
      calls: 2,
      invalid: 1,
      decisions: { advanced: 5, unrecognized: 1 },
      byStatus: { completed: 1, busy: 0, unrecognized: 1 },
    })
    expect(report.calls[1]).toMatchObject({
      id: 'c2',
      status: null,
      class: null,
      phase: null,
      group: null,
      settled: false,
      outcome: 'unknown',
      timeline: [],
      findings: [{ file: name, line: 7, kind: 'unrecognized' }],
    })
    expect(report.invalid).toEqual([
      { file: name, line: 6, message: 'the JSON is cut off after column 6: expected a value' },
    ])
  })

  test('tells a person what became of the calls, and where what is odd', async () => {
    const name = await file(
      'odd.ndjson',
      `${clean}${line('c2', 'busy', 30)}\n${line('c2', 'in-progress', 20.5)}\nnot json\n`,
    )
    const { code, stdout, stderr } = await callstate(['check', name])
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toMatchInlineSnapshot(`
      "2 calls in 7 events, 8 lines of 1 file, 1 invalid line
      Bolna: 7 events told by shape

      Calls by status
        successful                 1
          completed                1  ███████████████
        unanswered                 1
          busy                     1  ███████████████
        2 settled, 0 not settled; outcome: 2 reached

      Decisions
        advanced             6  moved the call forward
        retried              0  opened a later attempt
        late                 0  came after the call had passed it
        duplicate            0  was known already
        conflicting          1  contradicts what was known, or how it was read
        unrecognized         0  has a status that is not recognized

      Odd calls (1)
        bolna c2  busy, settled
          odd.ndjson:7  conflicting: attempt 1 cannot be in-progress and busy: no legal path holds both; the call is busy
            attempt 1          +0 s  in-progress  2026-01-01T00:00:20.500Z
                             +9.5 s  busy

      Invalid lines (1)
        odd.ndjson:8  the line is not JSON from column 1 on: expected a value

      2 findings.
      "
    `)
  })

  test('writes invalid lines to standard error beside NDJSON', async () => {
    const ran = await callstate(['check', '--format', 'ndjson', '-'], `${clean}\n"\n`)
    expect(ran.code).toBe(1)
    expect(reports(ran)).toHaveLength(1)
    expect(ran.stderr).toBe(
      'stdin:7: the JSON is cut off after column 1: expected the end of a string\n',
    )
  })

  test('finds late and skipped statuses only when it is strict', async () => {
    const log = `${line('c1', 'queued', 0)}\n${line('c1', 'completed', 9)}\n${line('c1', 'ringing', 5)}\n`
    expect((await callstate(['check'], log)).code).toBe(0)
    const strict = await callstate(['check', '--strict', '--format', 'ndjson'], log)
    expect(strict.code).toBe(1)
    expect(
      reports(strict)[0].findings.map(({ line: at, kind }: { line: number; kind: string }) => [
        at,
        kind,
      ]),
    ).toEqual([
      [2, 'skipped'],
      [3, 'late'],
    ])
  })

  test('reads files, gzip by its content, and standard input as one log', async () => {
    const [queued, ended] = [line('c1', 'queued', 0), line('c1', 'busy', 9)]
    const ran = await callstate(
      [
        'check',
        '--format',
        'ndjson',
        await file('a.ndjson', queued),
        '-',
        await file('b.gz', gzipSync(`x\n${ended}`)),
      ],
      gzipSync(line('c1', 'ringing', 5)),
    )
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('b.gz:1: ') })
    expect(reports(ran)).toMatchObject([{ id: 'c1', status: 'busy', decisions: { advanced: 3 } }])
  })

  test('reads CRLF, a byte order mark and a last line without an end', async () => {
    const text = `\u{feff}${line('c1', 'queued', 0)}\r\n\r\n${line('c1', 'busy', 9)}`
    const ran = await callstate(['check', '--format', 'json', await file('crlf.ndjson', text)])
    expect(ran.code).toBe(0)
    expect(JSON.parse(ran.stdout).totals).toMatchObject({ lines: 3, events: 2, invalid: 0 })
  })

  test('streams past a line of 50 MB and reads what stands around it', async () => {
    const huge = Buffer.alloc(50_000_000, 'x')
    const log = Buffer.concat([
      Buffer.from(`${line('c1', 'queued', 0)}\n{"a":"`),
      huge,
      Buffer.from(`"}\n${line('c1', 'busy', 9)}\n`),
    ])
    const ran = await callstate(['check', '--format', 'json'], log)
    expect(ran.code).toBe(1)
    const { calls, invalid, totals } = JSON.parse(ran.stdout)
    expect(calls).toMatchObject([{ id: 'c1', status: 'busy', decisions: { advanced: 2 } }])
    expect(totals).toMatchObject({ lines: 3, invalid: 1 })
    expect(invalid).toMatchObject([
      { line: 2, message: expect.stringContaining('longer than 16777216 bytes') },
    ])
  })

  test('finds the same with and without workers', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => {
      if (index % 997 === 0) return '{"damaged":'
      const status = ['queued', 'ringing', 'busy', 'in-progress', 'warp-drive'][
        (index * 7) % 5
      ] as string
      return line(`c${(index * 31) % 3000}`, status, index, { transcript: 'é'.repeat(100) })
    })
    const name = await file('many.ndjson', lines.join('\n'))
    const [alone, ...others] = await Promise.all(
      ['0', '1', '3'].map((workers) =>
        callstate(['check', '--strict', '--format', 'json', '--workers', workers, name]),
      ),
    )
    expect(alone?.code).toBe(1)
    expect(JSON.parse(alone?.stdout ?? '').totals).toMatchObject({
      lines: 20_000,
      calls: 3000,
      invalid: 21,
    })
    for (const other of others) expect(other).toEqual(alone)
  })

  test('reports a file that cannot be read, with the others, and ends with code 2', async () => {
    const cut = gzipSync(clean.repeat(1000)).subarray(0, 300)
    const ran = await callstate([
      'check',
      '--format',
      'ndjson',
      'missing.ndjson',
      '.',
      await file('cut.gz', cut),
      await file('ok.ndjson', clean),
    ])
    expect(ran.code).toBe(2)
    expect(reports(ran)).toMatchObject([{ id: 'c1', status: 'completed' }])
    expect(ran.stderr.trimEnd().split('\n')).toEqual([
      'callstate: missing.ndjson: there is no such file; check the name',
      'callstate: .: expected a file, got a folder; name the files in it',
      'callstate: cut.gz: the gzip data ends too early; what was read before counts, get the whole file',
    ])
  })

  test('keeps what it read of a gzip file that is cut short', async () => {
    const cut = gzipSync(clean.repeat(3000), { level: 0 }).subarray(0, 200_000)
    const ran = await callstate(['check', '--format', 'json', await file('half.gz', cut)])
    expect(ran.code).toBe(2)
    const { totals } = JSON.parse(ran.stdout)
    expect(totals.invalid).toBe(0)
    expect(totals.events).toBeGreaterThan(1000)
    expect(totals.events).toBe(totals.lines)
  })

  test('counts all data before trailing bytes of a gzip file, with a warning', async () => {
    const log = Buffer.concat([gzipSync(clean), Buffer.from('\x1fgarbage')])
    const ran = await callstate(['check', '--format', 'ndjson', await file('tail.gz', log)])
    expect(ran.code).toBe(0)
    expect(reports(ran)).toMatchObject([{ id: 'c1', status: 'completed' }])
    expect(ran.stderr).toBe(
      'callstate: tail.gz: bytes after the end of the gzip data were ignored; the data before them counts\n',
    )
  })

  test('ends with code 2 where standard input is a folder', async () => {
    const descriptor = openSync(folder, 'r')
    const child = start(['check'], [descriptor, 'pipe', 'pipe'])
    let stderr = ''
    child.stderr?.on('data', (text) => {
      stderr += text
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    closeSync(descriptor)
    expect(code).toBe(2)
    expect(stderr).toBe('callstate: stdin: expected a file, got a folder; name the files in it\n')
  })

  test('ends quietly where nobody reads its answer to the end', async () => {
    const log = Array.from({ length: 5000 }, (_, index) => line(`c${index}`, 'busy', index)).join(
      '\n',
    )
    const child = start(['check', '--format', 'ndjson', await file('long.ndjson', log)])
    let stderr = ''
    child.stderr?.on('data', (text) => {
      stderr += text
    })
    child.stdout?.once('data', () => child.stdout?.destroy())
    await new Promise((resolve) => child.on('close', resolve))
    expect(stderr).toBe('')
    expect(child.signalCode).toBeNull()
  })
})
