import ts from 'typescript'

/** One import or declaration of a report. */
export interface Declaration {
  /** That it makes, or exports. */
  readonly names: readonly string[]
  /** What it exports under another name, by its own: `One` of `export { One as Two }`. */
  readonly renamed: readonly string[]
  readonly isImport: boolean
  readonly isExported: boolean
  /** With the comment above it. */
  readonly text: string
}

/** Takes the TypeScript of a report apart. */
export function parseDeclarations(source: string): Declaration[] {
  const file = ts.createSourceFile('report.d.ts', source, ts.ScriptTarget.Latest, false)
  return file.statements.map((statement) => ({
    names: namesOf(statement),
    renamed: renamedBy(statement),
    isImport: ts.isImportDeclaration(statement),
    isExported: ts.isExportDeclaration(statement) || hasExport(statement),
    text: statement.getFullText(file).trim(),
  }))
}

function hasExport(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isImportDeclaration(statement)) return importedNames(statement)
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    )
  }
  if (ts.isExportDeclaration(statement)) {
    const { exportClause } = statement
    if (exportClause === undefined) return []
    if (ts.isNamespaceExport(exportClause)) return [exportClause.name.text]
    return exportClause.elements.map(({ name }) => name.text)
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isModuleDeclaration(statement)
  return isNamed && statement.name !== undefined ? [statement.name.text] : []
}

function importedNames({ importClause }: ts.ImportDeclaration): string[] {
  const { name, namedBindings } = importClause ?? {}
  if (name !== undefined) return [name.text]
  if (namedBindings === undefined) return []
  if (ts.isNamespaceImport(namedBindings)) return [namedBindings.name.text]
  return namedBindings.elements.map((element) => element.name.text)
}

function renamedBy(statement: ts.Statement): string[] {
  if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return []
  const { exportClause } = statement
  if (ts.isNamespaceExport(exportClause)) return []
  return exportClause.elements.flatMap(({ propertyName }) => propertyName?.text ?? [])
}
