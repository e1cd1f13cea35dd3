import ts from 'typescript'

/** What a file imports, as it is written there. */
export interface Specifier {
  readonly text: string
  /** Counted from 1. */
  readonly line: number
}

/**
 * Everything that a source imports or re-exports, in the order of the file: whether for its values or for
 * its types alone, and inside of expressions (`await import('…')`) and types (`import('…').T`) too.
 */
export function specifiersOf(path: string, source: string): Specifier[] {
  const file = parseSource(path, source)
  const found: Specifier[] = []
  const visit = (node: ts.Node): void => {
    const name = moduleNameOf(node)
    if (name !== undefined) found.push({ text: name.text, line: lineOf(file, node) })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

export function parseSource(path: string, source: string): ts.SourceFile {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  return ts.createSourceFile(path, source, ts.ScriptTarget.Latest, false, kind)
}

/** The line on which a node's own text starts, counted from 1. */
export function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
}

function moduleNameOf(node: ts.Node): ts.StringLiteralLike | undefined {
  const name = moduleNameNodeOf(node)
  return name !== undefined && ts.isStringLiteralLike(name) ? name : undefined
}

function moduleNameNodeOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
  }
  const isImportCall =
    ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
  return isImportCall ? node.arguments[0] : undefined
}
