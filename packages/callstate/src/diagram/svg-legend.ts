import { boxAttributes, startSvg } from './machine-parts.ts'

/** A kind of line or box, and what it means. */
export interface LegendItem {
  readonly text: string
  /** The kind as SVG, 30 wide, with its left end and its middle here. */
  readonly sample: (x: number, y: number) => string
}

/** One row of samples, each with its meaning. */
export function legendSvg(items: readonly LegendItem[], y: number): readonly string[] {
  let left = 20
  return items.map(({ text, sample }) => {
    const x = left
    left += SAMPLE_WIDTH + text.length * LETTER_WIDTH
    return `${sample(x, y)}<text class="small quiet" x="${x + 38}" y="${y + 4}">${text}</text>`
  })
}

const SAMPLE_WIDTH = 56

/** About as wide as a letter of the legend is in the widest of the fonts. */
const LETTER_WIDTH = 6.4

export function lineSample(classes: string): LegendItem['sample'] {
  return (x, y) => `<path class="move ${classes}" d="M${x} ${y}H${x + 22}"/>`
}

export function boxSample(classes: string): LegendItem['sample'] {
  return (x, y) =>
    `<g class="${classes}"><rect class="box" ${boxAttributes([x, y - 8, 30, 16])} rx="8"/></g>`
}

export function startSample(x: number, y: number): string {
  return startSvg('', [x, y - 8, 30, 16])
}
