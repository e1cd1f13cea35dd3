import ts from 'typescript'
import { lineOf, parseSource } from './specifiers.ts'

/** A place where code says a provider's name. */
export interface Naming {
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  /** The identifier or the text that holds the name. */
  readonly text: string
}

/**
 * Where a source's code says one of the names: in identifiers, import paths and texts. Comments may, and so
 * may the examples of command lines in a help text.
 */
export function namingsIn(path: string, source: string, names: readonly string[]): Naming[] {
  const file = parseSource(path, source)
  const found: Naming[] = []
  const visit = (node: ts.Node): void => {
    const text = textOf(node)
    if (text !== undefined && !EXAMPLE.test(text) && names.some((name) => holdsWord(text, name))) {
      found.push({ path, line: lineOf(file, node), text })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

const EXAMPLE = /(^|\| )(npx )?callstate [a-z]+ /

/** Whether a path lies in a folder, or is a file, that bears one of the names: there it may be said. */
export function isOfProvider(path: string, names: readonly string[]): boolean {
  const parts = path.replace(/\.tsx?$/, '').split('/')
  return parts.some((part) => names.includes(part))
}

function textOf(node: ts.Node): string | undefined {
  const hasText =
    ts.isIdentifier(node) ||
    ts.isPrivateIdentifier(node) ||
    ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isRegularExpressionLiteral(node) ||
    ts.isJsxText(node)
  return hasText ? node.text : undefined
}

/** Whether a name stands in a text in any case, as a word of it: `bolnaAsker` says bolna, `rebolnate` does not. */
function holdsWord(text: string, name: string): boolean {
  const lower = text.toLowerCase()
  for (let at = lower.indexOf(name); at >= 0; at = lower.indexOf(name, at + 1)) {
    const before = text.slice(0, at)
    const word = text.slice(at, at + name.length)
    const startsInside = /[a-z]$/.test(before) && /^[a-z]/.test(word)
    const goesOn = /^[a-z]/.test(text.slice(at + name.length))
    if (!startsInside && !goesOn) return true
  }
  return false
}
