import { CALL_STATUSES, type CallStatus, isCallStatus } from 'callstate'
import type { Counts } from '../../src/wire.ts'
import { type CallPath, moveKey } from './call-path.ts'
import { compactText, countText, numberText } from './call-words.ts'
import { type LineBox, lineBetween } from './overlay-line.ts'

/** What the chart shows. */
export interface ChartView {
  readonly counts: Counts
  /** The path of the open call; null where none is open. */
  readonly path: CallPath | null
  /** The status by which the list is filtered. */
  readonly chosen: string | null
}

/** The drawing of the machine in the page. */
export interface ChartDrawing {
  readonly element: SVGSVGElement
  show(view: ChartView): void
  /** Scrolls the element around the drawing sideways until the status is in its middle. */
  reveal(status: CallStatus, around: Element | null): void
}

const SVG = 'http://www.w3.org/2000/svg'

/** The drawing without its legend, as the page has one of its own, and with a margin for conflicts at the right. */
const VIEW_BOX = '12 12 1064 592'

/** The most lines of a kind that are drawn over the machine while no call is open: the most frequent ones. */
const MAX_LINES = 8

/**
 * Makes the drawing from the text of an SVG element that was made at build time. `onChoose` hears of a
 * status that was clicked, or chosen with Enter or the space bar; arrow keys move between statuses.
 */
export function createChartDrawing(
  text: string,
  onChoose: (status: CallStatus) => void,
): ChartDrawing {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement
  const element = document.importNode(parsed, true) as unknown as SVGSVGElement
  element.setAttribute('viewBox', VIEW_BOX)
  element.setAttribute('preserveAspectRatio', 'xMinYMin')
  // Its statuses are buttons, which an image could not hold.
  element.setAttribute('role', 'group')
  element.setAttribute('aria-label', 'Statuses of an attempt; choosing one filters the calls')
  element.removeAttribute('width')
  element.removeAttribute('height')
  element.querySelector('.paper')?.remove()
  for (const title of element.querySelectorAll(':scope > title, :scope > desc')) title.remove()

  const states = named(element, 'status')
  const moves = named(element, 'move')
  const labels = named(element, 'count')
  const overlay = document.createElementNS(SVG, 'g')
  overlay.setAttribute('class', 'overlay')
  element.insertBefore(overlay, states.get(CALL_STATUSES[0] ?? '') ?? null)
  for (const [status, state] of states) {
    // What it says, the label says with numbers; the count and the name are words of their own.
    state.querySelector('title')?.remove()
    state.querySelector('.count')?.after(' ')
    state.setAttribute('role', 'button')
    state.setAttribute('tabindex', status === CALL_STATUSES[0] ? '0' : '-1')
  }
  listen(element, states, onChoose)
  let drawnLines = ''

  const showCounts = ({ statuses, moves: heard }: Counts) => {
    for (const [name, label] of labels) {
      const isMove = name.includes('>')
      const count = (isMove ? heard[name] : statuses[name as CallStatus]) ?? 0
      setText(label, count === 0 ? '' : isMove ? compactText(count) : numberText(count))
    }
  }
  const showState = (status: CallStatus, state: Element, { counts, path, chosen }: ChartView) => {
    const clashes = path?.conflicts.some(
      (one) => one.status === status || one.conflictsWith === status,
    )
    setClass(state, 'lit', path?.heard.has(status) ?? false)
    setClass(state, 'skipped', path?.skipped.has(status) ?? false)
    setClass(state, 'conflict', clashes ?? false)
    setClass(state, 'current', path?.status === status)
    setClass(state, 'chosen', chosen === status)
    setAttribute(state, 'aria-pressed', String(chosen === status))
    const calls = countText(counts.statuses[status] ?? 0, `${status} call`, `${status} calls`)
    setAttribute(state, 'aria-label', [calls, ...wordsOf(status, path)].join(', '))
  }
  const showLines = (view: ChartView) => {
    const { counts, path } = view
    const lines =
      path === null
        ? [...ownLines(counts, moves), ...conflictLines(counts)]
        : pathLines(path, moves)
    const key = lines.map(({ from, to, kind, label }) => [from, to, kind, label].join()).join(';')
    if (key === drawnLines) return
    drawnLines = key
    overlay.replaceChildren(...lines.flatMap((line) => lineElements(line, states)))
  }

  return {
    element,
    show(view) {
      const { path } = view
      showCounts(view.counts)
      setClass(element, 'traced', path !== null)
      for (const [status, state] of states) {
        if (isCallStatus(status)) showState(status, state, view)
      }
      for (const [name, move] of moves) {
        setClass(move, 'lit', path?.moves.has(name) ?? false)
        setClass(move, 'skipped', path?.gaps.has(name) ?? false)
      }
      showLines(view)
    },
    reveal(status, around) {
      const box = states.get(status)?.getBoundingClientRect()
      if (box === undefined || around === null) return
      const { left, width } = around.getBoundingClientRect()
      around.scrollLeft += box.left + box.width / 2 - left - width / 2
    },
  }
}

function listen(
  element: SVGSVGElement,
  states: ReadonlyMap<string, Element>,
  onChoose: (status: CallStatus) => void,
): void {
  element.addEventListener('click', ({ target }) => {
    const status = statusAt(target)
    if (status !== null) onChoose(status)
  })
  element.addEventListener('keydown', (event) => {
    const status = statusAt(event.target)
    if (status === null) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      onChoose(status)
    }
    const to = CALL_STATUSES[CALL_STATUSES.indexOf(status) + (STEPS[event.key] ?? Number.NaN)]
    if (to === undefined) return
    event.preventDefault()
    for (const [name, state] of states) {
      setAttribute(state, 'tabindex', name === to ? '0' : '-1')
      if (name === to && state instanceof SVGElement) state.focus()
    }
  })
}

/** How far an arrow key leads in the order of the table. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
}

function statusAt(target: EventTarget | null): CallStatus | null {
  const state = target instanceof Element ? target.closest('[data-status]') : null
  const status = state?.getAttribute('data-status') ?? ''
  return isCallStatus(status) ? status : null
}

interface OverlayLine {
  readonly from: CallStatus
  readonly to: CallStatus
  /** `own`: a legal move of a provider that the drawing, which is of the table, does not have. */
  readonly kind: 'own' | 'clash' | 'late'
  readonly label: string
}

function ownLines({ moves }: Counts, drawn: ReadonlyMap<string, Element>): readonly OverlayLine[] {
  return Object.entries(moves)
    .filter(([name, count]) => count > 0 && !drawn.has(name))
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MAX_LINES)
    .flatMap(([name, count]) => lineOf(name, 'own', compactText(count)))
}

function lineOf(pair: string, kind: OverlayLine['kind'], label: string): readonly OverlayLine[] {
  const [from = '', to = ''] = pair.split('>')
  return isCallStatus(from) && isCallStatus(to) ? [{ from, to, kind, label }] : []
}

function conflictLines(counts: Counts): readonly OverlayLine[] {
  // A conflict has no direction: `busy>completed` and `completed>busy` are one line.
  const totals = new Map<string, number>()
  for (const [pair, count] of Object.entries(counts.conflicts)) {
    const [a, b] = pair.split('>').toSorted(byTable)
    if (a !== undefined && b !== undefined && count > 0) {
      totals.set(`${a}>${b}`, (totals.get(`${a}>${b}`) ?? 0) + count)
    }
  }
  return [...totals]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MAX_LINES)
    .flatMap(([pair, count]) => lineOf(pair, 'clash', compactText(count)))
}

function byTable(a: string, b: string): number {
  return CALL_STATUSES.indexOf(a as CallStatus) - CALL_STATUSES.indexOf(b as CallStatus)
}

function pathLines(
  { moves, gaps, conflicts, late }: CallPath,
  drawn: ReadonlyMap<string, Element>,
): readonly OverlayLine[] {
  const own = [...moves, ...gaps]
    .filter((name) => !drawn.has(name))
    .flatMap((name) => lineOf(name, 'own', ''))
  const pairs = new Map(conflicts.map((one) => [moveKey(one.conflictsWith, one.status), one]))
  const clashes = [...pairs.values()].map((one) => ({
    from: one.conflictsWith,
    to: one.status,
    kind: 'clash' as const,
    label: '',
  }))
  const lines = [...own, ...clashes]
  return late === null ? lines : [...lines, { ...late, kind: 'late', label: '' }]
}

function lineElements(
  { from, to, kind, label }: OverlayLine,
  states: ReadonlyMap<string, Element>,
): readonly Element[] {
  const { path: data, label: spot } = lineBetween(boxOf(states.get(from)), boxOf(states.get(to)))
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('class', kind)
  path.setAttribute('d', data)
  const title = document.createElementNS(SVG, 'title')
  title.textContent = TITLES[kind](from, to)
  path.append(title)
  if (label === '') return [path]
  const text = document.createElementNS(SVG, 'text')
  text.setAttribute('class', `${kind}-count`)
  text.setAttribute('x', String(spot[0]))
  text.setAttribute('y', String(spot[1] + 4))
  text.textContent = label
  return [path, text]
}

const TITLES = {
  own: (from, to) => `${from} to ${to}: a move of this provider alone`,
  clash: (from, to) => `${from} and ${to}: conflict`,
  late: (from, to) => `${to} came late, after ${from}`,
} as const satisfies Record<OverlayLine['kind'], (from: string, to: string) => string>

function boxOf(state: Element | undefined): LineBox {
  const box = state?.querySelector('.box')
  const number = (name: string) => Number(box?.getAttribute(name) ?? 0)
  return { x: number('x'), y: number('y'), width: number('width'), height: number('height') }
}

function wordsOf(status: CallStatus, path: CallPath | null): readonly string[] {
  if (path === null) return []
  if (path.status === status) return ['the open call is here']
  if (path.heard.has(status)) return ['heard of the open call']
  return path.skipped.has(status) ? ['passed by the open call, not heard'] : []
}

/** The elements with the data attribute `name`, by its value. */
function named(root: Element, name: string): ReadonlyMap<string, Element> {
  return new Map(
    Array.from(root.querySelectorAll(`[data-${name}]`), (element) => [
      element.getAttribute(`data-${name}`) ?? '',
      element,
    ]),
  )
}

// Ten times a second: what has not changed is left alone.
function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

function setClass(element: Element, name: string, isOn: boolean): void {
  if (element.classList.contains(name) !== isOn) element.classList.toggle(name, isOn)
}
