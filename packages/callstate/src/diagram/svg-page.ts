import { SVG_STYLE } from './svg-style.ts'
import { svgText } from './svg-text.ts'

/** A whole SVG document on a sheet of its own colour, so that it can be read on any page. */
export function svgPage(page: {
  readonly width: number
  readonly height: number
  readonly title: string
  readonly description: string
  readonly lines: readonly string[]
}): string {
  const { width, height } = page
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="callstate" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${svgText(page.title)}</title>`,
    `<desc>${svgText(page.description)}</desc>`,
    SVG_STYLE,
    `<rect class="paper" width="${width}" height="${height}" rx="12"/>`,
    ...page.lines,
    '</svg>',
    '',
  ].join('\n')
}
