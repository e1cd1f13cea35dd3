import { describe, expect, test } from 'vitest'
import { runHere } from '../../test/memory-terminal.ts'

const log = '{"id":"c1","status":"queued"}\n{"id":"c1","status":"busy"}\n'
const ESCAPE = '\u001b['

describe('callstate check', () => {
  test('shows progress on standard error where that is a terminal, and only there', async () => {
    const seen = await runHere(['check'], { stdin: log, terminals: ['stderr'] })
    expect(seen.stderr).toContain('MB')
    const unseen = await runHere(['check'], { stdin: log, terminals: ['stdout'] })
    expect(unseen.stderr).toBe('')
    expect(seen.stdout).not.toContain(ESCAPE)
  })

  test('shows colours on a terminal, unless NO_COLOR forbids it', async () => {
    const run = async (env: Record<string, string>, terminals: ['stdout'] | []) =>
      (await runHere(['check'], { stdin: log, terminals, env })).stdout.includes(ESCAPE)
    expect(await run({}, ['stdout'])).toBe(true)
    expect(await run({}, [])).toBe(false)
    expect(await run({ NO_COLOR: '1' }, ['stdout'])).toBe(false)
    expect(await run({ TERM: 'dumb' }, ['stdout'])).toBe(false)
    expect(await run({ FORCE_COLOR: '1' }, [])).toBe(true)
  })

  test('does not wait for a person to type a log', async () => {
    const { code, stdout, stderr } = await runHere(['check'], { terminals: ['stdin'] })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('callstate check --help')
  })

  test('says in the text how it was told whose webhooks they are', async () => {
    const mixed = `${log}{"provider":"dialgen","body":{"callId":"d1","status":"FAILED"}}\n`
    const { stdout } = await runHere(['check'], { stdin: mixed })
    expect(stdout).toContain('Bolna: 2 events told by shape\n')
    expect(stdout).toContain('Dialgen: 1 event named by envelope\n')
    const named = await runHere(['check', '--provider', 'bolna'], { stdin: log })
    expect(named.stdout).toContain('Bolna: 2 events as --provider says\n')
  })

  test('says which provider to name where the named one fits no line', async () => {
    const hint = 'These lines look like Bolna\'s: use "--provider bolna" or "--provider auto".\n'
    const wrong = await runHere(['check', '--provider', 'dialgen'], { stdin: log })
    expect(wrong.code).toBe(1)
    expect(wrong.stdout).toContain(hint)
    const one = await runHere(['check', '--provider', 'dialgen'], {
      stdin: log.slice(0, log.indexOf('\n')),
    })
    expect(one.stdout).toContain("The line looks like Bolna's")
    const mixed = `${log}{"callId":"d1","status":"FAILED"}\n`
    for (const [provider, stdin] of [
      ['dialgen', mixed],
      ['bolna', '{"id":"c1"}\n'],
      ['bolna', log],
    ] as const) {
      const other = await runHere(['check', '--provider', provider], { stdin })
      expect(other.stdout).not.toContain('look')
    }
  })

  test('limits what a person has to read, and says how to see the rest', async () => {
    const odd = Array.from({ length: 25 }, (_, n) => `{"id":"c${n}","status":"warp-drive"}\n`).join(
      '',
    )
    const { stdout } = await runHere(['check'], { stdin: odd + 'x\n'.repeat(25) })
    expect(stdout.match(/unrecognized: the status/g)).toHaveLength(20)
    expect(stdout.match(/the line is not JSON/g)).toHaveLength(20)
    expect(stdout).toContain('… and 5 more odd calls: see --format ndjson')
    expect(stdout).toContain('… and 5 more invalid lines: see --format ndjson')
  })

  test('prints nothing from the log that a terminal would obey', async () => {
    const evil = `{"id":"\\u001b[2J\\u202e","status":"warp-drive"}\n`
    const { stdout } = await runHere(['check'], { stdin: evil })
    expect(stdout).not.toContain('\u001b')
    expect(stdout).not.toContain('\u202e')
  })

  test('says that an empty log held nothing', async () => {
    const { code, stdout } = await runHere(['check'])
    expect(code).toBe(0)
    expect(stdout).toBe('0 calls in 0 events, 0 lines of 1 file\n\nNothing was read.\n')
  })

  test('takes a line as long as --max-line-bytes says and no longer', async () => {
    const bytes = log.indexOf('\n')
    const code = async (limit: number) =>
      (await runHere(['check', '--max-line-bytes', `${limit}`], { stdin: log })).code
    expect([await code(bytes + 1), await code(bytes), await code(bytes - 1)]).toEqual([0, 0, 1])
  })
})
