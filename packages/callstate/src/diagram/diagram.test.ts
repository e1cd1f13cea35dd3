import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CALL_STATUSES,
  type Call,
  type CallEvent,
  type CallStatus,
  canTransition,
  checkTransition,
  LIFECYCLE,
  type Mark,
  nextStatuses,
  replay,
  START_STATUSES,
  timeline,
} from '../index.ts'
import { allLegalPaths, callEvent, callWithRetries, eventsOf } from '../testing/index.ts'
import { dotEdges, readDotChart, readMermaidChart, statusOf } from './chart-reading.fixture.ts'
import { readDot, readMermaid } from './grammar.fixture.ts'
import {
  callDot,
  callGraph,
  callMermaid,
  callSvg,
  type MachineNode,
  machineDot,
  machineGraph,
  machineMermaid,
} from './index.ts'

const MARKS: readonly Mark[] = ['stated', 'observed', 'inferred']

describe('machineGraph', () => {
  test('holds every status and every legal move of the table, and nothing else', () => {
    const { nodes, edges } = machineGraph()
    expect(nodes.map((node) => node.status)).toEqual(CALL_STATUSES)
    for (const node of nodes) expect(LIFECYCLE[node.status]).toMatchObject(pick(node))
    const moves = CALL_STATUSES.flatMap((from) => nextStatuses(from).map((to) => `${from} ${to}`))
    expect(edges.map(({ from, to }) => `${from} ${to}`)).toEqual(moves)
    for (const { from, to, mark, source } of edges) {
      expect(checkTransition(from, to)).toMatchObject({ ok: true, mark, source })
    }
  })

  test('says where a call may begin', () => {
    for (const { status, starts } of machineGraph().nodes) {
      for (const direction of ['outbound', 'inbound'] as const) {
        const begins: readonly CallStatus[] = START_STATUSES[direction]
        expect(starts.includes(direction)).toBe(begins.includes(status))
      }
    }
  })

  test('knows the happy path', () => {
    const happy = machineGraph().edges.filter((edge) => edge.happy)
    expect(happy.map(({ from, to }) => [from, to])).toEqual([
      ['queued', 'initiated'],
      ['initiated', 'ringing'],
      ['ringing', 'in-progress'],
      ['in-progress', 'call-disconnected'],
      ['call-disconnected', 'completed'],
    ])
  })

  test('keeps to the marks asked for, and survives JSON', () => {
    const all = machineGraph()
    for (const mark of MARKS) {
      const some = machineGraph({ marks: [mark] })
      expect(some.edges).toEqual(all.edges.filter((edge) => edge.mark === mark))
      expect(some.nodes).toEqual(all.nodes)
    }
    expect(JSON.parse(JSON.stringify(all))).toEqual(all)
  })
})

function movesOfTable(): readonly string[] {
  return machineGraph()
    .edges.map(({ from, to, mark, happy }) => [from, to, mark, happy].join(' '))
    .toSorted()
}

describe('machineDot', () => {
  test('its lines mean exactly the legal moves, with their marks', () => {
    const { lines, moves } = readDotChart(machineDot(), CALL_STATUSES)
    expect(lines).toHaveLength(34)
    expect(moves).toEqual(movesOfTable())
  })

  test('a line that stands for a box begins inside it', () => {
    const boxed = dotEdges(machineDot()).filter(({ attributes }) => 'ltail' in attributes)
    expect(boxed).not.toEqual([])
    for (const { ids, attributes } of boxed) {
      const { ltail } = attributes
      expect(ltail).toBe(`cluster_${LIFECYCLE[ids[0] as CallStatus].phase}`)
    }
  })

  test('every status stands in the box of its phase, and every start is shown', () => {
    const statements = readDot(machineDot())
    let box = ''
    const places = new Map<string, string>()
    for (const { ids } of statements) {
      if (ids[0] === 'subgraph') box = String(ids[1])
      else if (ids.length === 1 && places.size < 16 && box !== '') places.set(String(ids[0]), box)
    }
    expect(Object.fromEntries(places)).toEqual(
      Object.fromEntries(CALL_STATUSES.map((s) => [s, `cluster_${LIFECYCLE[s].phase}`])),
    )
    expect(readDotChart(machineDot(), CALL_STATUSES).starts).toEqual(startsOfTable())
  })
})

describe('machineMermaid', () => {
  test('its lines mean exactly the legal moves, with their marks', () => {
    expect(readMermaidChart(machineMermaid(), CALL_STATUSES).moves).toEqual(movesOfTable())
  })

  test('every status is there under its own name, and every start is shown', () => {
    const nodes = readMermaid(machineMermaid()).filter((line) => line.kind === 'node')
    expect(nodes.map((node) => node.label)).toEqual(CALL_STATUSES)
    expect(readMermaidChart(machineMermaid(), CALL_STATUSES).starts).toEqual(startsOfTable())
  })

  test('charts of some marks only are well-formed too', () => {
    for (const marks of [[], ['stated'], ['observed'], ['inferred'], ['stated', 'observed']]) {
      const options = { marks: marks as Mark[] }
      expect(() => readMermaid(machineMermaid(options))).not.toThrow()
      expect(() => readDot(machineDot(options))).not.toThrow()
    }
  })
})

describe('the chart of a call', () => {
  const call = replay([
    { status: 'queued', attempt: 1, occurredAt: 1_000 },
    { status: 'ringing', attempt: 1, occurredAt: 6_500 },
    { status: 'busy', attempt: 1, occurredAt: 82_000 },
    { status: 'scheduled', attempt: 2, occurredAt: 7_301_000 },
    { status: null, word: 'warp-drive', attempt: 2, occurredAt: 7_302_000 },
  ]).call

  test('callGraph tells what was heard, when, and how it hangs together', () => {
    const { attempts, nodes, edges } = callGraph(call)
    expect(attempts).toEqual([1, 2])
    expect(nodes).toEqual([
      node('a1_queued', 1, 'queued', 0),
      node('a1_ringing', 1, 'ringing', 5_500),
      node('a1_busy', 1, 'busy', 81_000),
      { ...node('a2_scheduled', 2, 'scheduled', 7_300_000), current: true },
      { ...node('word_1', 2, null, 7_301_000), label: 'warp-drive' },
    ])
    expect(edges).toEqual([
      { from: 'a1_queued', to: 'a1_ringing', kind: 'gap', skipped: ['initiated'] },
      { from: 'a1_ringing', to: 'a1_busy', kind: 'move', skipped: [] },
      { from: 'a1_busy', to: 'a2_scheduled', kind: 'retry', skipped: [] },
    ])
  })

  test('both languages show each attempt with its own clock', () => {
    const dot = readDot(callDot(call)).map(({ attributes }) => attributes.label)
    const mermaid = readMermaid(callMermaid(call)).map((line) => line.label)
    for (const label of [
      'attempt 1',
      'attempt 2, begins +2 h 1 min',
      'queued\n+0 s',
      'ringing\n+5.5 s',
      'busy\n+1 min 21 s',
      'scheduled\n+0 s',
      '“warp-drive”\nunrecognized\n+1 s',
      'not heard: initiated',
    ]) {
      expect(dot).toContain(label)
      expect(mermaid).toContain(label)
    }
    expect(callDot(call)).toContain('ltail=cluster_1, lhead=cluster_2')
    expect(callMermaid(call)).toContain('attempt_1 -->|retry| attempt_2')
  })

  test('days are told in days and hours, an unknown time as unknown', () => {
    const events: readonly CallEvent[] = [
      { status: 'queued', occurredAt: 0 },
      { status: 'initiated', occurredAt: 3_600_000 * 26 },
      { status: 'ringing' },
    ]
    const labels = readDot(callDot(replay(events).call)).map(({ attributes }) => attributes.label)
    expect(labels).toContain('initiated\n+1 d 2 h')
    expect(labels).toContain('ringing\ntime unknown')
  })

  test('statuses that exclude each other are joined by a conflict', () => {
    const { edges } = callGraph(replay([{ status: 'busy' }, { status: 'in-progress' }]).call)
    expect(edges).toEqual([
      { from: 'a1_in_progress', to: 'a1_busy', kind: 'conflict', skipped: [] },
    ])
  })

  test('waiting statuses without times are in no known order, which is no conflict', () => {
    const { call: waiting } = replay([{ status: 'scheduled' }, { status: 'prepared' }])
    expect(callGraph(waiting).edges).toMatchObject([{ kind: 'gap', skipped: [] }])
    expect(callDot(waiting)).toContain('order unknown')
  })

  test('a call of which nothing is known is an empty chart', () => {
    const empty = replay([]).call
    expect(callGraph(empty)).toEqual({ attempts: [], nodes: [], edges: [] })
    expect(readDot(callDot(empty)).filter(({ ids }) => ids.length === 2)).toEqual([])
    expect(readMermaid(callMermaid(empty)).every((line) => line.kind === 'other')).toBe(true)
  })

  test('no detail of a call, and no date, gets into a chart', () => {
    const secret = 'reached +12025550123'
    const { call: told } = replay([
      { status: 'completed', occurredAt: 1_767_225_600_000, details: { reason: secret } },
    ])
    for (const chart of [callDot(told), callMermaid(told), JSON.stringify(callGraph(told))]) {
      expect(chart).not.toContain('2025550123')
      expect(chart).not.toContain('17672256')
    }
  })

  test('every legal path is a chain of moves', () => {
    for (const path of allLegalPaths({ maxLength: 6 })) {
      if (new Set(path).size < path.length) continue
      const { edges } = callGraph(replay(eventsOf(path)).call)
      expect(edges.map((edge) => edge.kind)).toEqual(path.slice(1).map(() => 'move'))
    }
  })

  test('a call with retries has a box for each attempt and no conflict', () => {
    fc.assert(
      fc.property(callWithRetries(), ({ events, paths }) => {
        const { attempts, edges } = callGraph(replay(events).call)
        expect(attempts).toHaveLength(paths.length)
        expect(edges.some((edge) => edge.kind === 'conflict')).toBe(false)
        expect(edges.filter((edge) => edge.kind === 'retry')).toHaveLength(paths.length - 1)
      }),
    )
  })
})

describe('whatever was heard, the charts are well-formed', () => {
  const anyCall: fc.Arbitrary<Call> = fc
    .array(callEvent(), { maxLength: 12 })
    .map((events) => replay(events).call)

  test('callGraph: ids are unique and plain, edges join nodes, one node is the status', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const { attempts, nodes, edges } = callGraph(call)
        const ids = nodes.map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids.every((id) => /^[a-z][a-z0-9_]*$/.test(id))).toBe(true)
        expect(edges.every(({ from, to }) => ids.includes(from) && ids.includes(to))).toBe(true)
        expect(nodes.filter(({ current }) => current)).toHaveLength(call.status === null ? 0 : 1)
        expect(new Set(nodes.map(({ attempt }) => attempt))).toEqual(new Set(attempts))
        expect(nodes).toHaveLength(timeline(call).length + call.unrecognized.length)
        expect(edges.every(({ from, to, kind }) => kind !== 'move' || areLegal(from, to))).toBe(
          true,
        )
      }),
    )
  })

  test('callDot: it follows the grammar, and each label reads as the graph has it', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const labels = readDot(callDot(call)).map(({ attributes }) => attributes.label ?? '')
        expectLabels(call, labels)
      }),
    )
  })

  test('callMermaid: it follows the grammar, and each label reads as the graph has it', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        expectLabels(
          call,
          readMermaid(callMermaid(call)).map((line) => line.label ?? ''),
        )
      }),
    )
  })

  test('a label is cut at 40 characters and holds nothing that cannot be seen', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        for (const { label, status } of callGraph(call).nodes) {
          if (status !== null) continue
          expect(Array.from(label).length).toBeLessThanOrEqual(41)
          expect(label).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        }
      }),
    )
    const labelOf = (word: string) =>
      callGraph(replay([{ status: null, word }]).call).nodes[0]?.label
    expect(labelOf('x'.repeat(40))).toBe('x'.repeat(40))
    expect(labelOf('x'.repeat(41))).toBe(`${'x'.repeat(40)}…`)
    expect(labelOf('\u{1f4de}'.repeat(40))).toBe('\u{1f4de}'.repeat(40))
    expect(labelOf('a\nb\u202ec\ud800')).toBe('a\ufffdb\ufffdc\ufffd')
  })
})

test('the readers of this test refuse what is not well-formed', () => {
  for (const dot of [
    'digraph a { b [label="x"y"] }',
    'digraph a { b [label="x\ny"] }',
    'digraph a { b [label="x\\"] }',
    'digraph a { b [label="&lt;"] }',
    'digraph a { b -> }',
    'digraph a { b [label=x }',
    'digraph a { subgraph c { b }',
    'digraph a { b } c',
    'digraph a { b-c }',
  ]) {
    expect(() => readDot(dot), dot).toThrow()
  }
  for (const line of [
    '    a("x"y")',
    '    a("<b>")',
    '    a("`x`")',
    '    a-b("x")',
    '    a(x)',
    '  a --> ',
    '  end end',
    '  click a callback',
    '  subgraph a["x"]',
  ]) {
    expect(() => readMermaid(`flowchart LR\n${line}\n`), line).toThrow()
  }
})

function expectLabels(call: Call, labels: readonly string[]): void {
  const firstLines = labels.map((label) => label.split('\n')[0])
  for (const { label, status } of callGraph(call).nodes) {
    expect(firstLines).toContain(status === null ? `“${label}”` : label)
  }
}

function areLegal(from: string, to: string): boolean {
  return canTransition(statusOf(from), statusOf(to))
}

function startsOfTable(): readonly string[] {
  return Object.entries(START_STATUSES)
    .flatMap(([direction, starts]) => starts.map((status) => `${direction} ${status}`))
    .toSorted()
}

function node(id: string, attempt: number, status: CallStatus | null, offsetMs: number) {
  return { id, attempt, status, label: status, offsetMs, current: false }
}

function pick({ class: statusClass, phase, group }: MachineNode) {
  return { class: statusClass, phase, group }
}

test('a word that may be a number or an address is in no chart', () => {
  for (const word of ['+12025550123', 'call-١٢٣٤٥', 'a@example.com', '1 2 3 4 5']) {
    const { call } = replay([{ status: 'queued' }, { status: null, word }])
    for (const draw of [
      callMermaid,
      callDot,
      callSvg,
      (one: typeof call) => JSON.stringify(callGraph(one)),
    ]) {
      expect(draw(call)).not.toContain(word)
      expect(draw(call)).toContain('a word that is not shown')
    }
  }
  const { call } = replay([{ status: 'queued' }, { status: null, word: 'phase-1234' }])
  expect(callMermaid(call)).toContain('phase-1234')
})
