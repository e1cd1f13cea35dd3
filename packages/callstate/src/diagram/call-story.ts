import type { CallEdge, CallGraph } from './call-graph.ts'
import type { AttemptBox } from './call-lines.ts'

/** How many words outside the table are listed for an attempt. */
const MAX_WORDS = 10

/** One attempt in words: an arrow is a move, brackets hold what was not heard, a cross is a conflict. */
export function storyOf({ nodes }: AttemptBox, { edges }: CallGraph): string {
  const before = new Map(
    edges.filter(({ kind }) => kind !== 'retry').map((edge) => [edge.to, edge]),
  )
  const words = nodes
    .filter(({ node }) => node.status !== null)
    .map(({ node, lines }) => `${joint(before.get(node.id))}${lines.join(' ')}`)
  return [...words, ...unrecognized(nodes).map((word) => `, ${word}`)].join('').replace(/^, /, '')
}

/** What the drawing of an attempt cannot show: which statuses exclude each other, and other words. */
export function notesOf({ nodes }: AttemptBox, { edges }: CallGraph): readonly string[] {
  const labels = new Map(nodes.map(({ node }) => [node.id, node.label]))
  const pairs = edges.flatMap(({ from, to, kind, skipped }): readonly string[] => {
    const [a, b] = [labels.get(from), labels.get(to)]
    if (a === undefined || b === undefined) return []
    if (kind === 'conflict') return [`conflict: no legal path holds both ${a} and ${b}`]
    return kind === 'gap' && skipped.length === 0 ? [`order unknown: ${a}, ${b}`] : []
  })
  return [...pairs, ...unrecognized(nodes)]
}

function unrecognized(nodes: AttemptBox['nodes']): readonly string[] {
  const words = nodes.filter(({ node }) => node.status === null)
  const told = words
    .slice(0, MAX_WORDS)
    .map(({ lines: [word, kind, when] }) => `${kind}: ${word} ${when}`)
  const more = words.length - told.length
  return more === 0 ? told : [...told, `${more} more unrecognized words`]
}

function joint(edge: CallEdge | undefined): string {
  if (edge === undefined) return ''
  switch (edge.kind) {
    case 'move':
      return ' → '
    case 'gap':
      return edge.skipped.length === 0 ? ', ' : ` → (${edge.skipped.join(' → ')}) → `
    case 'conflict':
      return ' × '
    case 'retry':
      return ''
    default:
      return edge.kind satisfies never
  }
}
