import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Call, type CallStatus, canTransition, isTerminal, replay } from '../index.ts'
import { allLegalPaths, callEvent, eventsOf } from '../testing/index.ts'
import { callGraph, callSvg } from './index.ts'
import { type Element, hasClass, readXml, valuesOf } from './xml.fixture.ts'

const call = replay([
  ...eventsOf(['queued', 'ringing', 'no-answer'], { startAt: 0 }),
  ...eventsOf(['scheduled', 'queued', 'initiated', 'ringing'], { attempt: 2, startAt: 60_000 }),
  { status: 'in-progress', attempt: 2, occurredAt: 65_000 },
  { status: 'completed', attempt: 2, occurredAt: 3_665_000 },
  { status: 'busy', attempt: 2, occurredAt: 3_666_000 },
  { status: null, word: 'warp-drive', attempt: 2, occurredAt: 3_667_000 },
]).call

describe('callSvg', () => {
  const attempts = attemptsIn(callSvg(call))

  test('has a panel for each attempt, with the statuses heard in their order and their times', () => {
    expect([...attempts.keys()]).toEqual(['1', '2'])
    expect(statusesOf(attempts.get('1'), 'lit')).toEqual(['queued', 'ringing', 'no-answer'])
    expect(statusesOf(attempts.get('2'), 'lit')).toEqual([
      'scheduled',
      'queued',
      'initiated',
      'ringing',
      'in-progress',
      'completed',
      'busy',
    ])
    expect(boxText(attempts.get('2'), 'queued')).toBe('queued+1 s2')
    expect(boxText(attempts.get('2'), 'completed')).toBe('completed+1 h 0 min6')
    expect(callSvg(call)).toContain('>attempt 2, begins +1 min 0 s</text>')
  })

  test('lights the moves, dashes what was passed over, and tells the status of the call', () => {
    expect(statusesOf(attempts.get('1'), 'skipped')).toEqual(['initiated'])
    expect(movesOf(attempts.get('1'))).toEqual({
      'queued>initiated': 'skipped',
      'initiated>ringing': 'skipped',
      'ringing>no-answer': 'lit',
    })
    expect(statusesOf(attempts.get('2'), 'skipped')).toEqual(['call-disconnected'])
    expect(movesOf(attempts.get('2'))).toEqual({
      'scheduled>queued': 'lit',
      'queued>initiated': 'lit',
      'initiated>ringing': 'lit',
      'ringing>in-progress': 'lit',
      'in-progress>call-disconnected': 'skipped',
      'call-disconnected>completed': 'skipped',
    })
    expect(statusesOf(attempts.get('1'), 'current')).toEqual([])
    expect(statusesOf(attempts.get('2'), 'current')).toEqual(['completed'])
  })

  test('crosses conflicts out and says them in words', () => {
    expect(valuesOf(attempts.get('1') ?? [], 'data-conflict')).toEqual([])
    expect(valuesOf(attempts.get('2') ?? [], 'data-conflict')).toEqual(['completed>busy'])
    expect(statusesOf(attempts.get('2'), 'conflict')).toEqual(['completed', 'busy'])
    expect(callSvg(call)).toContain('conflict: no legal path holds both completed and busy')
    const { call: other } = replay([{ status: 'in-progress' }, { status: 'busy' }])
    const panel = attemptsIn(callSvg(other)).get('1')
    expect(valuesOf(panel ?? [], 'data-conflict')).toEqual(['in-progress>busy'])
  })

  test('a span that no date can have is told as unknown', () => {
    const spanOf = (end: number) =>
      callGraph(
        replay([
          { status: 'queued', occurredAt: -8.64e15 },
          { status: 'busy', occurredAt: end },
        ]).call,
      ).nodes[1]?.offsetMs
    expect(spanOf(8.64e15)).toBe(2 * 8.64e15)
    expect(spanOf(8.65e15)).toBe(null)
    expect(spanOf(Number.MAX_VALUE)).toBe(null)
  })

  test('lists words outside the table, at most ten of an attempt', () => {
    expect(callSvg(call)).toContain('unrecognized: “warp-drive” +1 h 0 min')
    const words = (count: number) =>
      callSvg(
        replay(Array.from({ length: count }, (_, n) => ({ status: null, word: `word ${n}` }))).call,
      )
    expect(words(10)).not.toContain('more unrecognized')
    expect(words(11)).toContain('>1 more unrecognized words<')
  })

  test('a hostile word stays text', () => {
    const word = '</text><script>"&\'alert(1)'
    const elements = readXml(callSvg(replay([{ status: null, word }]).call))
    expect(elements.some(({ name }) => name === 'script')).toBe(false)
    expect(elements.some(({ name, text }) => name === 'text' && text.includes(word))).toBe(true)
  })

  test('no line is drawn where the order is unknown', () => {
    const { call: waiting } = replay([{ status: 'scheduled' }, { status: 'prepared' }])
    expect(movesOf(attemptsIn(callSvg(waiting)).get('1'))).toEqual({})
    expect(callSvg(waiting)).toContain('order unknown: scheduled, prepared')
    expect(callSvg(waiting)).toContain('>time unknown<')
  })

  test('three attempts are drawn, twenty before are told in words, the others are counted', () => {
    const svgOf = (count: number) =>
      callSvg(
        replay(
          Array.from({ length: count }, (_, n) => ({ status: 'busy' as const, attempt: n + 1 })),
        ).call,
      )
    expect([...attemptsIn(svgOf(3)).keys()]).toEqual(['1', '2', '3'])
    expect(linesOf(svgOf(3)).some((line) => line.startsWith('attempt 1: '))).toBe(false)
    expect([...attemptsIn(svgOf(4)).keys()]).toEqual(['2', '3', '4'])
    expect(linesOf(svgOf(4))).toContain('attempt 1: busy time unknown')
    expect(svgOf(23)).not.toContain('earlier attempts')
    expect(linesOf(svgOf(24))).toContain('1 earlier attempts')
    expect(linesOf(svgOf(24))).not.toContain('attempt 1: busy time unknown')
  })

  test('an attempt told in words shows moves, gaps and conflicts, in lines that fit', () => {
    const rest = [2, 3, 4].map((attempt) => ({ status: 'busy' as const, attempt }))
    const first = eventsOf(['queued', 'ringing', 'busy', 'completed'], { startAt: 0 })
    const [, line] = /<text class="small"[^>]*>(attempt 1[^<]*)</.exec(
      callSvg(replay([...first, ...rest]).call),
    ) ?? ['', '']
    expect(line).toBe(
      'attempt 1: queued +0 s → (initiated) → ringing +1 s → busy +2 s × completed +3 s',
    )
    const long = eventsOf(
      [
        'queued',
        'initiated',
        'ringing',
        'in-progress',
        'call-disconnected',
        'completed',
        'failed',
        'busy',
        'no-answer',
        'stopped',
      ],
      { startAt: 0 },
    )
    const lines = linesOf(callSvg(replay([...long, ...rest]).call))
    expect(lines.filter((text) => /\+\d/.test(text)).length).toBeGreaterThan(1)
    expect(lines.every((text) => text.length <= 150)).toBe(true)
  })

  test('a call of which nothing is known says so', () => {
    const svg = callSvg(replay([]).call)
    expect(attemptsIn(svg).size).toBe(0)
    expect(svg).toContain('Nothing was heard of this call.')
  })

  test('no detail of a call, and no date, gets into the drawing', () => {
    const { call: told } = replay([
      {
        status: 'completed',
        occurredAt: 1_767_225_600_000,
        details: { reason: 'reached +12025550123' },
      },
    ])
    expect(callSvg(told)).not.toMatch(/2025550123|17672256|202[56]-/)
  })

  test('every legal path is drawn as its moves', () => {
    for (const path of allLegalPaths({ maxLength: 6 })) {
      if (new Set(path).size < path.length) continue
      const panel = attemptsIn(callSvg(replay(eventsOf(path)).call)).get('1')
      expect(statusesOf(panel, 'lit')).toEqual(path)
      const moves = path.slice(1).map((to, place) => `${path[place]}>${to}`)
      expect(movesOf(panel)).toEqual(Object.fromEntries(moves.map((move) => [move, 'lit'])))
    }
  })

  test('whatever was heard, it is well-formed, and shows what the graph has', () => {
    const anyCall: fc.Arbitrary<Call> = fc
      .array(callEvent(), { maxLength: 12 })
      .map((events) => replay(events).call)
    fc.assert(
      fc.property(anyCall, (any) => {
        const svg = callSvg(any)
        expect(svg).not.toMatch(/NaN|Infinity|undefined|null/)
        const { nodes, attempts: numbers } = callGraph(any)
        const panels = attemptsIn(svg)
        expect([...panels.keys()]).toEqual(numbers.slice(-3).map(String))
        for (const [attempt, panel] of panels) {
          const own = nodes.filter((node) => String(node.attempt) === attempt)
          const heard = own.flatMap(({ status }) => status ?? [])
          expect(statusesOf(panel, 'lit')).toEqual(heard)
          const drawn = valuesOf(panel, 'data-status')
          expect(new Set(drawn).size).toBe(drawn.length)
          for (const [from, to] of pairsOf(panel, 'data-move'))
            expect(canTransition(from, to)).toBe(true)
          for (const [from, to] of pairsOf(panel, 'data-conflict')) {
            expect(canTransition(from, to)).toBe(false)
            expect(isTerminal(to)).toBe(true)
          }
        }
      }),
    )
  })
})

/** The elements of each panel, by the number of its attempt. */
function attemptsIn(svg: string): ReadonlyMap<string, readonly Element[]> {
  const elements = readXml(svg)
  const panels = elements.filter(({ attributes }) => attributes['data-attempt'] !== undefined)
  return new Map(
    panels.map((panel) => [
      panel.attributes['data-attempt'] ?? '',
      elements.filter(({ parents }) => parents.includes(panel)),
    ]),
  )
}

function statusesOf(panel: readonly Element[] | undefined, name: string): readonly string[] {
  return valuesOf(panel?.filter((element) => hasClass(element, name)) ?? [], 'data-status')
}

function movesOf(panel: readonly Element[] | undefined): Readonly<Record<string, string>> {
  const moves = panel?.filter(({ attributes }) => attributes['data-move'] !== undefined) ?? []
  return Object.fromEntries(
    moves.map((move) => [
      move.attributes['data-move'],
      move.attributes['class']?.replace('move ', '') ?? '',
    ]),
  )
}

function boxText(panel: readonly Element[] | undefined, status: CallStatus): string | undefined {
  return panel?.find(({ attributes }) => attributes['data-status'] === status)?.text
}

function pairsOf(panel: readonly Element[], attribute: string): readonly [string, string][] {
  return valuesOf(panel, attribute).map((name) => {
    const [from = '', to = ''] = name.split('>')
    return [from, to]
  })
}

function linesOf(svg: string): readonly string[] {
  return readXml(svg)
    .filter(({ name, attributes }) => name === 'text' && attributes['class'] === 'small')
    .map(({ text }) => text)
}
