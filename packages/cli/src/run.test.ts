import { CALL_STATUSES, canTransition } from 'callstate'
import { machineDot, machineGraph, machineMermaid, machineSvg } from 'callstate/diagram'
import { describe, expect, test } from 'vitest'
import { runHere } from '../test/memory-terminal.ts'

const COMMANDS = [
  'check',
  'classify',
  'next',
  'explain',
  'diagram',
  'serve',
  'calls',
  'show',
  'overdue',
  'verify',
  'dead-letters',
] as const

describe('every command', () => {
  test.each(COMMANDS)('%s shows examples in its help', async (command) => {
    const { code, stdout } = await runHere([command, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Usage: callstate ${command}`)
    expect(stdout).toMatch(new RegExp(`^ {2}\\$ (\\S+ )*callstate ${command}`, 'm'))
    expect(stdout).toContain('Exit code: 0')
  })

  test('is named where it was mistyped', async () => {
    const { code, stderr } = await runHere(['chek'])
    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean check?')
  })

  test.each([
    [[]],
    [['check', '--format', 'xml']],
    [['check', '--provider', 'acme']],
    [['check', '--max-line-bytes', '0']],
    [['check', '--workers', '1.5']],
    [['check', '--no-such-option']],
    [['classify']],
    [['next']],
    [['next', 'ringing', 'busy']],
    [['next', 'ringing', '--format', 'dot']],
    [['explain', 'ringing']],
    [['diagram', 'some.ndjson']],
  ])('ends with code 2 and a message for the wrong usage %j', async (args) => {
    const { code, stderr } = await runHere(args)
    expect(code).toBe(2)
    expect(stderr).not.toBe('')
    expect(stderr).not.toContain('    at ')
  })

  test('tells the version', async () => {
    const { code, stdout } = await runHere(['--version'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/)
  })
})

describe('classify', () => {
  test('says of each word what it is', async () => {
    const { code, stdout } = await runHere(['classify', 'call-disconnected', 'no_answer'])
    expect(code).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "call-disconnected  intermediate  phase wrapping-up, group successful, the line is down, the data is not final
      no-answer          terminal      phase ended, group unanswered, another spelling: "no_answer"
      "
    `)
  })

  test('ends with code 1 where a word is no status', async () => {
    const { code, stdout } = await runHere(['classify', 'busy', 'rining', '--format', 'json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual([
      {
        raw: 'busy',
        kind: 'status',
        status: 'busy',
        class: 'terminal',
        phase: 'ended',
        group: 'unanswered',
        suggestion: null,
      },
      {
        raw: 'rining',
        kind: 'unrecognized',
        status: null,
        class: null,
        phase: null,
        group: null,
        suggestion: 'ringing',
      },
    ])
  })
})

describe('next', () => {
  test('draws the moves and how they are known', async () => {
    const { code, stdout } = await runHere(['next', 'call-disconnected'])
    expect(code).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "call-disconnected
        ├─▶ completed ■  observed  https://www.bolna.ai/docs/list-phone-call-status
        └─▶ error     ■  inferred  our reading
        ■ ends the attempt
      "
    `)
    expect((await runHere(['next', 'busy'])).stdout).toContain('only a new attempt can follow')
  })

  test('gives the moves of the table as JSON', async () => {
    for (const status of CALL_STATUSES) {
      const { stdout } = await runHere(['next', status, '--format', 'json'])
      const { next } = JSON.parse(stdout) as { next: { status: string }[] }
      expect(next.map((move) => move.status)).toEqual(
        CALL_STATUSES.filter((to) => canTransition(status, to)),
      )
    }
  })

  test('suggests a status for a mistyped one', async () => {
    const { code, stdout, stderr } = await runHere(['next', 'rining'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe('error: expected a call status, got "rining". Did you mean "ringing"?\n')
  })
})

describe('explain', () => {
  test('draws a legal move and ends with code 0', async () => {
    const { code, stdout } = await runHere(['explain', 'ringing', 'in_progress'])
    expect(code).toBe(0)
    expect(stdout).toContain('ringing ──▶ in-progress')
  })

  test('draws an illegal move with the way there and ends with code 1', async () => {
    const { code, stdout } = await runHere(['explain', 'ringing', 'completed'])
    expect(code).toBe(1)
    expect(stdout).toContain('ringing ──╳ completed')
    expect(stdout).toContain('ringing ─▶ in-progress ─▶ call-disconnected ─▶ completed ■')
  })

  test('gives the answer of the library as JSON', async () => {
    const { code, stdout } = await runHere(['explain', 'busy', 'ringing', '--format', 'json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, reason: 'already-ended', allowed: [] })
  })
})

describe('diagram', () => {
  test('draws the machine in four forms', async () => {
    expect((await runHere(['diagram'])).stdout).toBe(machineMermaid())
    expect((await runHere(['diagram', '--format', 'dot'])).stdout).toBe(machineDot())
    expect((await runHere(['diagram', '--format', 'svg'])).stdout).toBe(machineSvg())
    const { stdout } = await runHere(['diagram', '--format', 'json'])
    expect(JSON.parse(stdout)).toEqual(machineGraph())
  })

  const log = '{"id":"c1","status":"queued"}\n{"id":"c2","status":"busy"}\n'

  test.each([
    ['mermaid', 'queued'],
    ['dot', 'queued'],
    ['json', 'queued'],
    ['svg', 'data-status="queued"'],
  ])('draws one call of a log as %s', async (format, other) => {
    const { code, stdout } = await runHere(['diagram', '--call', 'c2', '--format', format], {
      stdin: log,
    })
    expect(code).toBe(0)
    expect(stdout).toContain('busy')
    expect(stdout).not.toContain(other)
  })

  test('says where the log has no such call', async () => {
    const { code, stderr } = await runHere(['diagram', '--call', 'c3'], { stdin: log })
    expect(code).toBe(2)
    expect(stderr).toContain('expected the identifier of a call in the log')
  })
})
