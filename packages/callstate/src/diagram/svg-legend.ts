import { boxAttributes, startSvg } from './machine-parts.ts'

/** A kind of line or box, and what it means. */
export interface LegendItem {
  readonly text: string
  /** The kind as SVG, 30 wide, with its left end and its middle here. */
  readonly sample: (x: number, y: number) => string
}

/** Samples, each with its meaning, in as many rows as the width takes. */
export function legendSvg(
  items: readonly LegendItem[],
  width: number,
  top: number,
): { readonly lines: readonly string[]; readonly height: number } {
  let left = LEFT
  let y = top + ROW_HEIGHT - 4
  const lines = items.map(({ text, sample }) => {
    const room = SAMPLE_WIDTH + text.length * LETTER_WIDTH
    if (left > LEFT && left + room > width) {
      left = LEFT
      y += ROW_HEIGHT
    }
    const x = left
    left += room
    return `${sample(x, y)}<text class="small quiet" x="${x + 38}" y="${y + 4}">${text}</text>`
  })
  return { lines, height: y - top + 2 * ROW_HEIGHT - 16 }
}

const LEFT = 20

const ROW_HEIGHT = 20

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
