import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { providers } from '../../test/providers.ts'
import {
  CALL_STATUSES,
  type CallEvent,
  type CallStatus,
  isTerminal,
  LIFECYCLE,
  lifecycleOf,
  type Mark,
  type OwnLifecycle,
  observe,
  replay,
} from '../index.ts'
import { movesOfTable, startsOf } from '../internal/index.ts'
import { callEvent, eventsOf, legalPath } from '../testing/index.ts'
import { readDotChart, readMermaidChart } from './chart-reading.fixture.ts'
import { readDot, readMermaid } from './grammar.fixture.ts'
import {
  callDot,
  callGraph,
  callMermaid,
  callSvg,
  machineDot,
  machineGraph,
  machineMermaid,
  machineSvg,
} from './index.ts'
import { hasClass, readXml, valuesOf } from './xml.fixture.ts'

const ACME = 'https://docs.acme.example/statuses'
const carrier: OwnLifecycle = {
  lacks: ['scheduled', 'prepared', 'rescheduled', 'call-disconnected', 'balance-low', 'stopped'],
  moves: [
    { from: 'in-progress', to: 'completed', mark: 'observed', source: ACME },
    { from: 'ringing', to: 'completed', mark: 'stated', source: ACME },
  ],
  habits: { reportsBoth: [['busy', 'completed']] },
}

/** The legal moves of a provider, as `from to mark`. */
function movesOf(provider: OwnLifecycle): readonly string[] {
  return Object.entries(lifecycleOf(provider))
    .flatMap(([from, { next }]) =>
      Object.entries(next).map(([to, { mark }]) => [from, to, mark].join(' ')),
    )
    .toSorted()
}

const saidBy = (provider: OwnLifecycle) =>
  CALL_STATUSES.filter((status) => !provider.lacks?.includes(status))

describe('machineGraph of a provider', () => {
  test('holds what the provider says, with its marks and sources', () => {
    const { nodes, edges } = machineGraph({ provider: carrier })
    expect(nodes.map(({ status }) => status)).toEqual(saidBy(carrier))
    expect(edges).toContainEqual({
      from: 'in-progress',
      to: 'completed',
      mark: 'observed',
      source: ACME,
      happy: true,
    })
    expect(edges).toContainEqual({
      from: 'ringing',
      to: 'completed',
      mark: 'stated',
      source: ACME,
      happy: false,
    })
    expect(JSON.parse(JSON.stringify({ nodes, edges }))).toEqual({ nodes, edges })
  })

  test('the table is what a provider with all its moves and no lack has', () => {
    const all = { moves: movesOfTable() }
    expect(machineGraph({ provider: all })).toEqual(machineGraph())
    expect(machineDot({ provider: all })).toBe(machineDot())
    expect(machineMermaid({ provider: all })).toBe(machineMermaid())
    expect(machineSvg({ provider: all })).toBe(machineSvg())
  })

  test('of any provider: its statuses, moves, starts, and the way of a call that goes well', () => {
    fc.assert(
      fc.property(providers, (provider) => {
        const { nodes, edges } = machineGraph({ provider })
        expect(nodes.map(({ status }) => status)).toEqual(saidBy(provider))
        expect(edges.map(({ from, to, mark }) => `${from} ${to} ${mark}`).toSorted()).toEqual(
          movesOf(provider),
        )
        for (const { status, starts } of nodes) {
          expect(starts).toEqual(
            (['outbound', 'inbound'] as const).filter((direction) =>
              startsOf(direction, provider).includes(status),
            ),
          )
        }
        const way = 'queued initiated ringing in-progress call-disconnected completed'.split(' ')
        const said = way.filter((status) => nodes.some((node) => node.status === status))
        const happy = edges.filter((edge) => edge.happy).map(({ from, to }) => [from, to])
        expect(happy).toEqual(said.slice(1).map((to, place) => [said[place], to]))
      }),
    )
  })
})

describe('the charts of a provider', () => {
  test('of any provider: in both languages, the lines mean exactly its moves, with their marks', () => {
    fc.assert(
      fc.property(providers, (provider) => {
        const statuses = saidBy(provider)
        const edges = machineGraph({ provider }).edges.map(({ from, to, mark, happy }) =>
          [from, to, mark, happy].join(' '),
        )
        const begins = (['outbound', 'inbound'] as const).flatMap((direction) =>
          startsOf(direction, provider)
            .filter((status) => !isTerminal(status))
            .map((status) => `${direction} ${status}`),
        )
        for (const chart of [
          readDotChart(machineDot({ provider }), statuses),
          readMermaidChart(machineMermaid({ provider }), statuses),
        ]) {
          expect(chart.moves).toEqual(edges.toSorted())
          expect(chart.starts).toEqual(begins.toSorted())
        }
      }),
    )
  })

  test('of any provider: charts of some marks only are well-formed, and say nothing untrue', () => {
    const marks = fc.subarray<Mark>(['stated', 'observed', 'inferred'])
    fc.assert(
      fc.property(providers, marks, (provider, some) => {
        const options = { provider, marks: some }
        const legal = movesOf(provider).map((line) => line.split(' ').slice(0, 2).join(' '))
        for (const { moves } of [
          readDotChart(machineDot(options), saidBy(provider)),
          readMermaidChart(machineMermaid(options), saidBy(provider)),
        ]) {
          for (const line of moves) {
            expect(legal).toContain(line.split(' ').slice(0, 2).join(' '))
            expect(some).toContain(line.split(' ')[2])
          }
        }
      }),
    )
  })

  test('of any provider: the drawing holds its statuses and moves once, and nothing else', () => {
    fc.assert(
      fc.property(providers, (provider) => {
        const svg = machineSvg({ provider })
        expect(svg).not.toMatch(/NaN|Infinity|undefined|null/)
        const elements = readXml(svg)
        expect(valuesOf(elements, 'data-status')).toEqual(saidBy(provider))
        const moves = movesOf(provider).map((line) => line.split(' '))
        const names = moves.map(([from, to]) => `${from}>${to}`)
        expect(valuesOf(elements, 'data-move').toSorted()).toEqual(names.toSorted())
        expect(valuesOf(elements, 'data-count').toSorted()).toEqual(
          [...saidBy(provider), ...names].toSorted(),
        )
        for (const [from, to, mark = ''] of moves) {
          const path = elements.find(
            ({ attributes }) => attributes['data-move'] === `${from}>${to}`,
          )
          expect(path && hasClass(path, mark)).toBe(true)
        }
        const texts = new Set(elements.filter(({ name }) => name === 'text').map((e) => e.text))
        for (const status of CALL_STATUSES) {
          expect(texts.has(status)).toBe(saidBy(provider).includes(status))
        }
        const phases = new Set<string>(saidBy(provider).map((status) => LIFECYCLE[status].phase))
        for (const phase of ['waiting', 'dialing', 'connected', 'wrapping-up', 'ended']) {
          expect(texts.has(phase)).toBe(phases.has(phase))
        }
      }),
      { numRuns: 50 },
    )
  })

  test('the drawing is described in words, by the words of the provider', () => {
    const description = /<desc>([^<]*)</.exec(machineSvg({ provider: carrier }))?.[1]
    expect(description).toBe(
      'From left to right the phases waiting, dialing, connected and ended. A call that goes well ' +
        'moves from queued over initiated, ringing and in-progress to completed. From below each ' +
        'status a line leads to the ends that it can have.',
    )
  })

  test('the legend fits on the sheet, however narrow that is', () => {
    const svg = machineSvg({ provider: { lacks: CALL_STATUSES.slice(0, 6) } })
    const [, width = ''] = /viewBox="0 0 (\d+)/.exec(svg) ?? []
    for (const { name, text, attributes } of readXml(svg)) {
      if (name !== 'text' || !/calls|documents|us|well|begins|ends/.test(text)) continue
      expect(Number(attributes['x']) + text.length * 6.4).toBeLessThanOrEqual(Number(width))
    }
  })
})

describe('the chart of a call of a provider', () => {
  const kindsOf = (events: readonly CallEvent[], provider?: OwnLifecycle) =>
    callGraph(replay(events, { provider }).call, { provider }).edges.map(({ kind }) => kind)

  test('a contracted move is a move, and what the provider lacks is not passed over', () => {
    const events = eventsOf(['ringing', 'in-progress', 'completed'])
    expect(kindsOf(events)).toEqual(['move', 'gap'])
    expect(kindsOf(events, carrier)).toEqual(['move', 'move'])
    const far = replay(eventsOf(['queued', 'completed'])).call
    expect(callGraph(far, { provider: carrier }).edges).toMatchObject([
      { kind: 'gap', skipped: ['initiated', 'ringing'] },
    ])
  })

  test('a pair that is reported by design is no conflict', () => {
    const events = eventsOf(['busy', 'completed'])
    expect(kindsOf(events)).toEqual(['conflict'])
    expect(kindsOf(events, carrier)).toEqual(['gap'])
    expect(kindsOf(eventsOf(['no-answer', 'completed']), carrier)).toEqual(['conflict'])
  })

  test('what is lacked and comes all the same is judged by the table, and drawn', () => {
    const events = eventsOf(['in-progress', 'call-disconnected', 'completed'])
    expect(kindsOf(events, carrier)).toEqual(['move', 'move'])
    const svg = callSvg(replay(events).call, { provider: carrier })
    const elements = readXml(svg)
    expect(valuesOf(elements, 'data-status')).toEqual(events.map(({ status }) => status))
    expect(valuesOf(elements, 'data-move')).toEqual([
      'in-progress>call-disconnected',
      'call-disconnected>completed',
    ])
    const busy = replay(eventsOf(['call-disconnected', 'busy'])).call
    expect(callGraph(busy, { provider: carrier }).edges).toMatchObject([{ kind: 'conflict' }])
  })

  test('of any provider: every legal path is a chain of moves, in the drawing too', () => {
    const withPath = providers.chain((provider) =>
      fc.tuple(fc.constant(provider), legalPath({ provider })),
    )
    fc.assert(
      fc.property(withPath, ([provider, path]) => {
        fc.pre(new Set(path).size === path.length)
        const { call } = replay(eventsOf(path), { provider })
        const steps = path.slice(1).map((to, place) => `${path[place]}>${to}`)
        expect(callGraph(call, { provider }).edges).toEqual(
          steps.map((_, place) => ({
            from: `a1_${path[place]?.replaceAll('-', '_')}`,
            to: `a1_${path[place + 1]?.replaceAll('-', '_')}`,
            kind: 'move',
            skipped: [],
          })),
        )
        const elements = readXml(callSvg(call, { provider }))
        expect(valuesOf(elements, 'data-move').toSorted()).toEqual(steps.toSorted())
      }),
    )
  })

  test('of any provider, whatever was heard: the charts are well-formed and show it', () => {
    fc.assert(
      fc.property(providers, fc.array(callEvent(), { maxLength: 10 }), (provider, list) => {
        const { call } = replay(list, { provider })
        const { nodes, attempts } = callGraph(call, { provider })
        expect(() => readDot(callDot(call, { provider }))).not.toThrow()
        expect(() => readMermaid(callMermaid(call, { provider }))).not.toThrow()
        const svg = callSvg(call, { provider })
        expect(svg).not.toMatch(/NaN|Infinity|undefined|null/)
        const lit = readXml(svg).filter(
          (element) => hasClass(element, 'lit') && element.attributes['data-status'] !== undefined,
        )
        const drawn = nodes.filter(
          ({ status, attempt }) => status !== null && attempts.slice(-3).includes(attempt),
        )
        expect(valuesOf(lit, 'data-status')).toEqual(drawn.map(({ status }) => status))
      }),
    )
  })

  test('the edges agree with the decisions: a conflict in the one is a conflict in the other', () => {
    fc.assert(
      fc.property(
        providers,
        fc.constantFrom(...CALL_STATUSES),
        fc.constantFrom(...CALL_STATUSES),
        (provider, one: CallStatus, other: CallStatus) => {
          fc.pre(one !== other)
          const first = observe(undefined, { status: one }, { provider })
          const { call, decision } = observe(first.call, { status: other }, { provider })
          const [edge] = callGraph(call, { provider }).edges
          expect(edge?.kind === 'conflict').toBe(decision.kind === 'conflicting')
        },
      ),
      { numRuns: 1000 },
    )
  })
})
