import { type Declaration, parseDeclarations } from './declarations.ts'
import type { EntryPoint } from './entry-point.ts'
import { extractDeclarations } from './extract.ts'

/** What users can import from an entry point, and how much of it there is. */
export interface ApiReport {
  readonly entryPoint: EntryPoint
  /** What is checked in. */
  readonly text: string
  readonly values: readonly string[]
  readonly types: readonly string[]
  /** Types that its signatures use and that no entry point of the package exports. */
  readonly hidden: readonly string[]
}

/** Reads the built entry points of one package. */
export async function reportsOf(
  packageFolder: string,
  entryPoints: readonly EntryPoint[],
): Promise<ApiReport[]> {
  const extracted = [...extractDeclarations(packageFolder, entryPoints)].map(
    ([entryPoint, source]) => ({ entryPoint, declarations: parseDeclarations(source) }),
  )
  const exported = new Set(
    extracted.flatMap(({ declarations }) => [
      ...exportedNames(declarations),
      ...renamedNames(declarations),
    ]),
  )
  return Promise.all(
    extracted.map(async ({ entryPoint, declarations }) => {
      const shown = shownOf(declarations, exported)
      const names = exportedNames(declarations)
      const renamed = renamedNames(declarations)
      // The code itself tells values from types.
      const module: object = await import(entryPoint.moduleFile)
      const values = Object.keys(module).sort()
      const untyped = values.filter((name) => !names.includes(name))
      if (untyped.length > 0) {
        throw new Error(`${entryPoint.specifier} exports without a type: ${untyped.join(', ')}`)
      }
      return {
        entryPoint,
        text: reportText(entryPoint, shown),
        values,
        types: names.filter((name) => !values.includes(name)),
        hidden: shown.flatMap(({ isExported, isImport, names }) =>
          isExported || isImport ? [] : names.filter((name) => !renamed.includes(name)),
        ),
      }
    }),
  )
}

/** Leaves out what stands in the report of another entry point, and the imports that only that needs. */
function shownOf(
  declarations: readonly Declaration[],
  exportedSomewhere: ReadonlySet<string>,
): Declaration[] {
  const renamed = renamedNames(declarations)
  const isElsewhere = (name: string) => exportedSomewhere.has(name) && !renamed.includes(name)
  const own = declarations.filter(
    ({ isImport, isExported, names }) => !isImport && (isExported || !names.some(isElsewhere)),
  )
  const words = new Set(own.flatMap(({ text }) => text.match(/[\w$]+/g) ?? []))
  const imports = declarations.filter(
    ({ isImport, names }) => isImport && names.some((name) => words.has(name)),
  )
  return [...imports, ...own]
}

function exportedNames(declarations: readonly Declaration[]): string[] {
  return declarations.flatMap(({ isExported, names }) => (isExported ? names : [])).sort()
}

function renamedNames(declarations: readonly Declaration[]): string[] {
  return declarations.flatMap(({ renamed }) => renamed)
}

function reportText({ specifier }: EntryPoint, declarations: readonly Declaration[]): string {
  const imports = declarations.filter(({ isImport }) => isImport).map(({ text }) => text)
  const others = declarations.filter(({ isImport }) => !isImport).map(({ text }) => text)
  const code = [imports.join('\n'), ...others].join('\n\n').trim()
  return [
    `# API of \`${specifier}\``,
    'Made by `pnpm make-api`. What is declared without `export` is used by what is exported.',
    `\`\`\`ts\n${code}\n\`\`\``,
    '',
  ].join('\n\n')
}
