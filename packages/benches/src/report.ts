import { cpus, platform, release, totalmem } from 'node:os'
import { textTable } from '@callstate/checks/table'
import { type Figure, figureOf, type Measured } from './measure.ts'

/** One ratio that is wanted to stay on one side of an aim. */
export interface Comparison {
  readonly name: string
  readonly ratio: Figure
  /** Null where a ratio is only shown. */
  readonly aim: { readonly atMost: number } | { readonly atLeast: number } | null
}

/** A quantity with a ceiling, such as memory. */
export interface Ceiling {
  readonly name: string
  readonly value: number
  readonly atMost: number
  readonly unit: string
}

export interface Section {
  readonly title: string
  readonly unit: string
  readonly sides: readonly Measured[]
  readonly comparisons: readonly Comparison[]
  readonly ceilings?: readonly Ceiling[]
  /** What was run, in a few words. */
  readonly note: string
}

export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9),
    system: `${platform()} ${release()}`,
    node: process.version,
  }
}

/** The section for a person. Where `judged` is false, sizes were too small to say what was reached. */
export function sectionAsText(section: Section, judged: boolean): string {
  const { title, unit, sides, comparisons, ceilings = [], note } = section
  const sideRows = sides.map(({ name, values }) => {
    const { median, spread } = figureOf(values)
    return [name, digits(median), percent(spread)]
  })
  const comparisonRows = comparisons.map(({ name, ratio, aim }) => [
    name,
    digits(ratio.median),
    percent(ratio.spread),
    aim === null ? '–' : 'atMost' in aim ? `≤ ${aim.atMost}` : `≥ ${aim.atLeast}`,
    judged ? verdict(isReached(ratio.median, aim)) : '',
  ])
  const ceilingRows = ceilings.map(({ name, value, atMost, unit }) => [
    name,
    `${digits(value)} ${unit}`,
    '',
    `≤ ${digits(atMost)} ${unit}`,
    judged ? verdict(value <= atMost) : '',
  ])
  const judgedRows = [...comparisonRows, ...ceilingRows]
  return [
    `━━ ${title}`,
    note,
    '',
    textTable(['side', unit, 'spread'], sideRows),
    '',
    ...(judgedRows.length === 0
      ? []
      : [textTable(['ratio', 'found', 'spread', 'aim', ''], judgedRows), '']),
  ].join('\n')
}

/** The section as plain data, with the medians worked out. */
export function sectionAsData({ sides, comparisons, ...section }: Section) {
  return {
    ...section,
    sides: sides.map(({ name, values }) => ({ name, ...figureOf(values) })),
    comparisons: comparisons.map(({ name, ratio, aim }) => ({
      name,
      ...ratio,
      aim,
      reached: isReached(ratio.median, aim),
    })),
  }
}

function isReached(ratio: number, aim: Comparison['aim']): boolean | null {
  if (aim === null) return null
  return 'atMost' in aim ? ratio <= aim.atMost : ratio >= aim.atLeast
}

function verdict(reached: boolean | null): string {
  return reached === null ? '' : reached ? 'reached' : 'MISSED'
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function percent(part: number): string {
  return `${(part * 100).toFixed(0)} %`
}
