import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, LIFECYCLE, type Mark, nextStatuses, START_STATUSES } from '../index.ts'
import { machineGraph, machineSvg } from './index.ts'
import { type Element, hasClass, readXml, valuesOf } from './xml.fixture.ts'

const elements = readXml(machineSvg())
const moves = CALL_STATUSES.flatMap((from) => nextStatuses(from).map((to) => `${from}>${to}`))
const starts = Object.entries(START_STATUSES).flatMap(([direction, statuses]) =>
  statuses.map((status) => `${direction}>${status}`),
)

describe('machineSvg', () => {
  test('holds every status, move and start of the table once, and nothing else', () => {
    expect(valuesOf(elements, 'data-status')).toEqual(CALL_STATUSES)
    expect(valuesOf(elements, 'data-move').toSorted()).toEqual(moves.toSorted())
    expect(valuesOf(elements, 'data-start').toSorted()).toEqual(starts.toSorted())
  })

  test('writes the name of each status in its box, and of each phase and group beside', () => {
    const texts = elements.filter(({ name }) => name === 'text').map(({ text }) => text)
    for (const status of CALL_STATUSES) {
      const { phase, group } = LIFECYCLE[status]
      expect(texts.filter((text) => text === status)).toHaveLength(1)
      expect(texts).toContain(phase)
      if (group !== null) expect(texts).toContain(group)
    }
    for (const direction of Object.keys(START_STATUSES)) expect(texts).toContain(direction)
  })

  test('shows how each move is known by the look of its line', () => {
    for (const { from, to, mark, happy } of machineGraph().edges) {
      const path = elements.find(({ attributes }) => attributes['data-move'] === `${from}>${to}`)
      expect(path?.attributes['class']).toBe(`move ${mark}${happy ? ' happy' : ''}`)
    }
    const legend = elements.filter(
      (e) => hasClass(e, 'move') && e.attributes['data-move'] === undefined,
    )
    for (const mark of ['observed', 'stated', 'inferred']) {
      expect(legend.some((line) => hasClass(line, mark))).toBe(true)
    }
  })

  test('has an empty text for the count of each status and move', () => {
    const counts = elements.filter(({ attributes }) => attributes['data-count'] !== undefined)
    expect(valuesOf(counts, 'data-count').toSorted()).toEqual(
      [...CALL_STATUSES, ...moves].toSorted(),
    )
    expect(counts.every(({ name, text }) => name === 'text' && text === '')).toBe(true)
    expect(machineSvg()).not.toMatch(/<text[^>]*data-count[^>]*>\s+</)
  })

  test('draws only moves of the marks asked for', () => {
    const marks: readonly Mark[] = ['observed', 'stated', 'inferred']
    for (const mark of marks) {
      const drawn = valuesOf(readXml(machineSvg({ marks: [mark] })), 'data-move')
      const { edges } = machineGraph({ marks: [mark] })
      expect(drawn.toSorted()).toEqual(edges.map(({ from, to }) => `${from}>${to}`).toSorted())
    }
    expect(valuesOf(readXml(machineSvg({ marks: [] })), 'data-move')).toEqual([])
  })

  test('says what it is, needs nothing from outside, and is small', () => {
    const [root, title, description] = elements as readonly [Element, Element, Element]
    expect(root.attributes).toMatchObject({ role: 'img', class: 'callstate' })
    expect([title.name, description.name]).toEqual(['title', 'desc'])
    expect(title.text).not.toBe('')
    expect(description.text).not.toBe('')
    expectSelfContained(machineSvg())
    expect(machineSvg().length).toBeLessThan(40_000)
    expect(machineSvg()).toBe(machineSvg())
  })

  test('every head of a line that the style names is there', () => {
    const style = elements.find(({ name }) => name === 'style')?.text ?? ''
    const ids = new Set(valuesOf(elements, 'id'))
    for (const [, id = ''] of style.matchAll(/url\(#([\w-]+)\)/g)) expect(ids).toContain(id)
    expect(style).not.toMatch(/undefined|\$/)
  })
})

function expectSelfContained(svg: string): void {
  expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|data:|@import/)
  for (const name of ['script', 'foreignObject', 'image', 'a'])
    expect(svg).not.toContain(`<${name} `)
}
