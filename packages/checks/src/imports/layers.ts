import type { Arrow } from './arrow.ts'

/** Files of one place in the order of imports. */
export interface Layer {
  readonly name: string
  /** Its files, and its folders with a slash at their end; the longest that fits a file decides. */
  readonly holds: readonly string[]
  /** The layers that it may import, besides itself. */
  readonly imports: readonly string[]
}

const library = (...paths: readonly string[]) => paths.map((path) => `packages/callstate/${path}`)
const CORE = ['table', 'knowledge']
/** What other packages can import of the library: its subpaths. */
const LIBRARY = ['root', 'machine', 'providers', 'testing', 'diagram', 'text', 'internal']

/**
 * The one direction of imports, from what knows nothing to what knows everything:
 * table ← knowledge ← machine, providers ← testing, diagram, text ← tracker ← emulator, inspector ← cli.
 */
export const LAYERS: readonly Layer[] = [
  {
    name: 'table',
    holds: library(
      ...[
        'bits',
        'error',
        'legality',
        'lifecycle',
        'own-lifecycle',
        'rank',
        'status',
        'transition',
      ].map((name) => `src/${name}.ts`),
    ),
    imports: [],
  },
  {
    name: 'knowledge',
    holds: library(
      ...[
        'attempts',
        'call',
        'decision',
        'evidence',
        'knowledge',
        'movement',
        'observe',
        'observe-one',
        'read',
        'reading',
        'retry-policy',
        'retry-policy-for',
        'rules-version',
        'said',
        'with-earlier',
      ].map((name) => `src/${name}.ts`),
    ),
    imports: ['table'],
  },
  // What `import 'callstate'` loads: it needs no other package, so it takes nothing that needs one.
  { name: 'root', holds: library('src/index.ts'), imports: CORE },
  { name: 'machine', holds: library('src/machine/'), imports: CORE },
  { name: 'providers', holds: library('src/providers/'), imports: CORE },
  { name: 'testing', holds: library('src/testing/'), imports: [...CORE, 'machine', 'providers'] },
  // Both need no other package either.
  { name: 'diagram', holds: library('src/diagram/'), imports: CORE },
  { name: 'text', holds: library('src/text/'), imports: CORE },
  // A delivery as a line of a log.
  { name: 'envelope', holds: library('src/envelope/'), imports: [...CORE, 'providers'] },
  // What our other packages need of the library and users do not.
  {
    name: 'internal',
    holds: library('src/internal/'),
    imports: [...CORE, 'providers', 'envelope'],
  },
  { name: 'tracker', holds: ['packages/tracker/'], imports: LIBRARY },
  { name: 'emulator', holds: ['packages/emulator/'], imports: [...LIBRARY, 'tracker'] },
  { name: 'inspector', holds: ['packages/inspector/'], imports: [...LIBRARY, 'tracker'] },
  { name: 'page', holds: ['packages/inspector/page/'], imports: [...LIBRARY, 'inspector'] },
  {
    name: 'cli',
    holds: ['packages/cli/'],
    imports: [...LIBRARY, 'tracker', 'emulator', 'inspector'],
  },
]

/** An arrow that points against the direction. */
export interface BackArrow {
  readonly arrow: Arrow
  readonly fromLayer: string
  readonly toLayer: string
}

export function findBackArrows(
  arrows: readonly Arrow[],
  layers: readonly Layer[] = LAYERS,
): BackArrow[] {
  return arrows.flatMap((arrow) => {
    const from = layerOf(arrow.from, layers)
    const to = layerOf(arrow.to, layers)
    if (from === undefined || to === undefined || from === to) return []
    if (from.imports.includes(to.name)) return []
    return [{ arrow, fromLayer: from.name, toLayer: to.name }]
  })
}

export function layerOf(path: string, layers: readonly Layer[] = LAYERS): Layer | undefined {
  let longest = ''
  let found: Layer | undefined
  for (const layer of layers) {
    for (const held of layer.holds) {
      const fits = held.endsWith('/') ? path.startsWith(held) : path === held
      if (fits && held.length > longest.length) {
        longest = held
        found = layer
      }
    }
  }
  return found
}
