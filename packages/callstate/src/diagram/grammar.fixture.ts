/**
 * Strict readers of the two languages, as far as this folder writes them: they throw at anything
 * else. Labels come back decoded, so that a test can compare them with what should be shown.
 */

/** One statement of a DOT graph: an edge, a node, a subgraph that opens, or attributes. */
export interface DotStatement {
  readonly ids: readonly string[]
  readonly attributes: Readonly<
    Partial<Record<'label' | 'style' | 'color' | 'penwidth' | 'ltail' | 'lhead', string>>
  >
}

const DOT_TOKEN =
  /\s+|->|[{}[\]=,;]|[A-Za-z_][A-Za-z_0-9]*|\d+(?:\.\d+)?|"(?:[^"\\\n\r]|\\["\\n])*"/uy

/** Reads DOT by its grammar: `digraph id { … }` with statements of ids, edges and attributes. */
export function readDot(text: string): readonly DotStatement[] {
  const tokens = tokensOf(text)
  const statements: DotStatement[] = []
  let at = 0
  const peek = () => tokens[at]
  const take = (expected?: string): string => {
    const token = tokens[at++]
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`expected ${expected ?? 'a token'} at token ${at}`)
    }
    return token
  }
  const id = (): string => {
    const token = take()
    if (/^[->{}[\]=,;]+$/.test(token)) throw new Error(`expected an id at token ${at}`)
    return decodeDot(token)
  }
  const attributes = (): Record<string, string> => {
    const found: Record<string, string> = {}
    if (peek() !== '[') return found
    take('[')
    while (peek() !== ']') {
      const key = id()
      take('=')
      found[key] = id()
      if (peek() !== ']') take(',')
    }
    take(']')
    return found
  }
  const body = () => {
    take('{')
    while (peek() !== '}') {
      if (peek() === 'subgraph') {
        take()
        statements.push({ ids: ['subgraph', id()], attributes: {} })
        body()
        continue
      }
      const ids = [id()]
      if (peek() === '=') {
        take('=')
        statements.push({ ids: [], attributes: { [String(ids[0])]: id() } })
        continue
      }
      while (peek() === '->') {
        take('->')
        ids.push(id())
      }
      statements.push({ ids, attributes: attributes() })
    }
    take('}')
  }
  take('digraph')
  id()
  body()
  if (at !== tokens.length) throw new Error('text after the graph')
  return statements
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  DOT_TOKEN.lastIndex = 0
  while (DOT_TOKEN.lastIndex < text.length) {
    const place = DOT_TOKEN.lastIndex
    const token = DOT_TOKEN.exec(text)?.[0]
    if (token === undefined) throw new Error(`no token of DOT at character ${place}`)
    if (token.trim() !== '') tokens.push(token)
  }
  return tokens
}

function decodeDot(token: string): string {
  if (!token.startsWith('"')) return token
  const text = token.slice(1, -1)
  if (/&(?!amp;)/.test(text)) throw new Error('a bare & begins an entity')
  return text.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char)).replaceAll('&amp;', '&')
}

/** One line of a Mermaid flowchart. */
export interface MermaidLine {
  readonly kind: 'box' | 'node' | 'edge' | 'end' | 'other'
  readonly ids: readonly string[]
  readonly arrow: string
  /** The decoded label, if the line has one. */
  readonly label: string | null
}

const ID = '[A-Za-z][A-Za-z0-9_]*'
// Between the quotes only what Mermaid takes as it stands: no quote, bracket, angle or back-tick.
const LABEL = '"((?:[\\p{L}\\p{N} +.,:_-]|#\\d+;|<br/>)*)"'
const ARROW = '==>|-->|-\\.->|x--x'
const MERMAID_LINES: readonly (readonly [MermaidLine['kind'], RegExp])[] = [
  ['box', new RegExp(`^  subgraph (${ID})\\[${LABEL}\\]$`, 'u')],
  ['end', /^ {2}end$/],
  ['node', new RegExp(`^    (${ID})\\(\\[${LABEL}\\]\\)$`, 'u')],
  ['node', new RegExp(`^    (${ID})\\(${LABEL}\\)(?::::(?:current|unrecognized))?$`, 'u')],
  ['other', /^ {4}direction LR$/],
  ['other', /^ {2}(accTitle: [A-Za-z ]+|%% [^%{}]+|linkStyle [\d,]+ stroke:#[0-9a-f]{6})$/],
  ['other', /^ {2}classDef (current|unrecognized) [a-z0-9:,#-]+$/],
]
const EDGE = new RegExp(
  `^ +(${ID})(?:\\{\\{${ID}\\}\\})? (${ARROW})(?:\\|(?:${LABEL}|retry)\\|)? (${ID})$`,
  'u',
)

/** Reads a Mermaid flowchart line by line; every box has to be closed. */
export function readMermaid(text: string): readonly MermaidLine[] {
  const [first, ...rest] = text.split('\n')
  if (first !== 'flowchart LR' && first !== 'flowchart TB') throw new Error('no flowchart')
  if (rest.pop() !== '') throw new Error('no line end at the end')
  const lines = rest.map(readLine)
  let open = 0
  for (const { kind } of lines) {
    if (kind === 'box') open++
    if (kind === 'end') open--
    if (open < 0 || open > 1) throw new Error('boxes are not closed one by one')
  }
  if (open !== 0) throw new Error('a box is left open')
  return lines
}

function readLine(line: string): MermaidLine {
  const edge = EDGE.exec(line)
  if (edge !== null) {
    const [, from = '', arrow = '', label, to = ''] = edge
    return {
      kind: 'edge',
      ids: [from, to],
      arrow,
      label: label === undefined ? null : decode(label),
    }
  }
  for (const [kind, pattern] of MERMAID_LINES) {
    const found = pattern.exec(line)
    if (found === null) continue
    const [, id = '', label] = found
    return { kind, ids: [id], arrow: '', label: label === undefined ? null : decode(label) }
  }
  throw new Error(`no line of a flowchart: ${JSON.stringify(line)}`)
}

function decode(label: string): string {
  return label
    .replaceAll('<br/>', '\n')
    .replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
}
