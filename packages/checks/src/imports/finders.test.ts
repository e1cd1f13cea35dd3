import { expect, test } from 'vitest'
import type { Arrow } from './arrow.ts'
import { findCircles } from './circles.ts'
import { findBackArrows, type Layer } from './layers.ts'
import { isOfProvider, namingsIn } from './provider-names.ts'
import { specifiersOf } from './specifiers.ts'

/** Arrows as they are drawn: `a>b b>c`. */
const drawn = (drawing: string): Arrow[] =>
  drawing.split(' ').map((pair, index) => {
    const [from = '', to = ''] = pair.split('>')
    return { from, to, line: index + 1 }
  })
const shown = (arrows: readonly Arrow[]) =>
  arrows.map(({ from, to, line }) => `${from}:${line}>${to}`).join(' ')

test('every way to import is found, with its line', () => {
  const source = [
    "import { a } from './a.ts'",
    "import type { B } from './b.ts'",
    "import './c.ts'",
    "export { d } from './d.ts'",
    "export type * from './e.ts'",
    '// import nothing from "./comment.ts"',
    'const text = "import x from \'./text.ts\'"',
    "type G = Map<string, import('./g.ts').G>",
    'async function late() {',
    "  return [await import('./h.ts'), await import(text)]",
    '}',
    'import {',
    '  i,',
    "} from './i.ts'",
  ].join('\n')
  expect(specifiersOf('one.ts', source).map(({ text, line }) => `${line} ${text}`)).toEqual([
    '1 ./a.ts',
    '2 ./b.ts',
    '3 ./c.ts',
    '4 ./d.ts',
    '5 ./e.ts',
    '8 ./g.ts',
    '10 ./h.ts',
    '12 ./i.ts',
  ])
})

test('a tree and a diamond have no circle', () => {
  expect(findCircles(drawn('a>b a>c b>d c>d d>e'))).toEqual([])
  expect(findCircles([])).toEqual([])
})

test.each([
  ['a file that imports itself', 'a>b b>b', ['b:2>b']],
  ['two files', 'a>b b>a', ['a:1>b b:2>a']],
  ['a way in and a way out', 'in>a a>b b>c c>a c>out', ['a:2>b b:3>c c:4>a']],
  ['two circles apart', 'a>b b>a b>c c>d d>c', ['a:1>b b:2>a', 'c:4>d d:5>c']],
  ['a knot: its shortest', 'a>b b>c c>a c>b', ['b:2>c c:4>b']],
])('circles: %s', (_, drawing, circles) => {
  expect(findCircles(drawn(drawing)).map(shown)).toEqual(circles)
})

test('an arrow may point to its own layer and to those that the layer imports', () => {
  const layers: Layer[] = [
    { name: 'low', holds: ['low/', 'high/but-low.ts'], imports: [] },
    { name: 'high', holds: ['high/'], imports: ['low'] },
  ]
  const arrows = drawn('low/a>low/b high/a>low/a low/a>high/a low/a>high/but-low.ts other>high/a')
  expect(findBackArrows(arrows, layers)).toEqual([
    { arrow: { from: 'low/a', to: 'high/a', line: 3 }, fromLayer: 'low', toLayer: 'high' },
  ])
})

test('a name is found in identifiers, paths and texts of every kind, and not in comments', () => {
  const source = [
    '// acme is a provider',
    "import { acmeAsker } from './acme/index.ts'",
    '/** What acme says. */',
    `const withAcme = \`of \${1} Acme\``,
    'const ACME_HOST = /acme/',
    "const others = ['placement', 'acmes', 'pacme']",
  ].join('\n')
  const found = namingsIn('one.ts', source, ['acme', 'zeta'])
  expect(found.map(({ line, text }) => `${line} ${text}`)).toEqual([
    '2 acmeAsker',
    '2 ./acme/index.ts',
    '4 withAcme',
    '4  Acme',
    '5 ACME_HOST',
    '5 /acme/',
  ])
  const help =
    "const help = ['Ask Acme', 'callstate check --provider acme', 'zcat | callstate check acme']"
  expect(namingsIn('help.ts', help, ['acme']).map(({ text }) => text)).toEqual(['Ask Acme'])
  expect(namingsIn('page.tsx', 'const page = <p>Ask Acme</p>', ['acme'])).toHaveLength(1)
})

test('a name may be said in a folder or a file that bears it', () => {
  const names = ['acme']
  expect(isOfProvider('packages/x/src/providers/acme/index.ts', names)).toBe(true)
  expect(isOfProvider('packages/x/src/acme.ts', names)).toBe(true)
  expect(isOfProvider('packages/x/src/acme-list.ts', names)).toBe(false)
})
