/** The colours of a drawing: in light, in dark. A page may set each as `--callstate-ink` and so on. */
const COLORS = {
  paper: ['#ffffff', '#0d1117'],
  lane: ['#f3f5f8', '#161c24'],
  box: ['#ffffff', '#232b35'],
  edge: ['#818b98', '#7d8590'],
  ink: ['#1f2328', '#f0f6fc'],
  muted: ['#59636e', '#9ea7b1'],
  line: ['#454d56', '#b6bec8'],
  faint: ['#818b98', '#7d8590'],
  happy: ['#1a7f37', '#3fb950'],
  lit: ['#0969da', '#58a6ff'],
  glow: ['#ddf4ff', '#12305a'],
  conflict: ['#cf222e', '#ff7b72'],
  trace: ['#d1d9e0', '#3a424c'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

type Color = keyof typeof COLORS

/** The colours that a line's head has too. */
const HEADS = ['line', 'faint', 'happy', 'lit', 'ink', 'trace'] as const satisfies readonly Color[]

// Widths and dashes tell everything that colours tell: the drawing has to work in black and white.
const SHAPES = `
.callstate{font:500 13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.callstate .middle{text-anchor:middle}
.callstate .small{font-size:11px}
.callstate .count{font-size:10px}
.callstate .count:not(:empty)~.name{transform:translateY(-6px)}
.callstate .title{font-weight:600}
.callstate .box{stroke-width:1.25}
.callstate .end .box{stroke-width:2}
.callstate .move{fill:none;stroke-width:1.25}
.callstate .observed{stroke-width:2.5}
.callstate .inferred{stroke-dasharray:5 3;stroke-dashoffset:5.5}
.callstate .happy{stroke-width:3.5}
.callstate .faded,.callstate.traced>.count,.callstate.traced .state:not(.lit,.skipped,.conflict){opacity:.4}
.callstate .move.lit{stroke-width:4;stroke-dasharray:none}
.callstate .move.skipped{stroke-width:3;stroke-dasharray:5 3}
.callstate .move.conflict{stroke-width:3;stroke-dasharray:12 3 3 3}
.callstate .lit .box{stroke-width:2}
.callstate .skipped .box{stroke-width:2;stroke-dasharray:5 3}
.callstate .conflict .box{stroke-width:2.5;stroke-dasharray:12 3 3 3}
.callstate .current .box{stroke-width:4;stroke-dasharray:none}
.callstate .cross{fill:none;stroke-width:3}
.callstate .under{fill:none;stroke-width:5}`

const PAINT = `
.callstate text{fill:$ink}
.callstate .quiet,.callstate .count{fill:$muted}
.callstate .paper{fill:$paper}
.callstate .lane{fill:$lane}
.callstate .start{fill:$ink}
.callstate .light{fill:$paper}
.callstate .box{fill:$box;stroke:$edge}
.callstate .end .box{stroke:$line}
.callstate .move{stroke:$line;marker-end:url(#callstate-line)}
.callstate .inferred{stroke:$faint;marker-end:url(#callstate-faint)}
.callstate .happy{stroke:$happy;marker-end:url(#callstate-happy)}
.callstate .begin{stroke:$ink;marker-end:url(#callstate-ink)}
.callstate.traced [data-move]{stroke:$trace;marker-end:url(#callstate-trace)}
.callstate .move.lit,.callstate .move.skipped{stroke:$lit;marker-end:url(#callstate-lit)}
.callstate .move.conflict{stroke:$conflict;marker-end:none}
.callstate .lit .box{fill:$glow;stroke:$lit}
.callstate .skipped .box{stroke:$lit}
.callstate .conflict .box{stroke:$conflict}
.callstate .badge{fill:$lit}
.callstate .alarm{fill:$conflict}
.callstate .cross{stroke:$conflict}
.callstate .under{stroke:$lane}
${HEADS.map((name) => `#callstate-${name}{fill:$${name}}`).join('\n')}`

/**
 * The looks of a drawing, with the heads of its lines. Without a page that sets colours, the reader's
 * light or dark scheme decides; renderers that know no custom properties skip `@supports` and stay light.
 */
export const SVG_STYLE: string = [
  '<style>',
  SHAPES.slice(1),
  painted((name) => COLORS[name][0]),
  `.callstate{${properties(0)}}`,
  `@media(prefers-color-scheme:dark){.callstate{${properties(1)}}}`,
  `@supports(fill:var(--a)){${painted((name) => `var(--${name})`)}}`,
  '</style>',
  `<defs>${HEADS.map(headSvg).join('')}</defs>`,
].join('\n')

function painted(paint: (name: Color) => string): string {
  return PAINT.slice(1).replace(/\$(\w+)/g, (_, name: Color) => paint(name))
}

function properties(scheme: 0 | 1): string {
  return (Object.keys(COLORS) as readonly Color[])
    .map((name) => `--${name}:var(--callstate-${name},${COLORS[name][scheme]})`)
    .join(';')
}

// In units of the drawing, not of the line: a thick line has no larger head.
function headSvg(name: Color): string {
  return `<marker id="callstate-${name}" viewBox="0 0 8 8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z"/></marker>`
}
