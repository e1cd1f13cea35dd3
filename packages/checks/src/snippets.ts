// Runs the code blocks of the documentation, so that what a reader copies works.
//
//   ```ts             type-checked, then run against the sources, in an empty folder that is removed
//                     afterwards and with the packages that `callstate` or, where the block imports it,
//                     another package, that package can import. A comment that begins with a value is
//                     compared with what stands before it: `isTerminal('busy') // true`. So is one after
//                     a `const x = …` or a `console.log(…)`, and one alone on the next line that begins
//                     with `// => `. A remark may follow after a colon: `// false: the line is down`.
//                     In its environment are the variables of `EXAMPLE_ENV`.
//   ```ts continued   the same, as the continuation of the block before: a guide that builds something up.
//   ```ts begins      run with its continuation only: a server, which does not end by itself.
//   ```js             run as it is: an ES module, or CommonJS where it calls `require`.
//   ```sh             lines that call `callstate` or `npx callstate` are run in the repository's folder
//                     against the sources of the command line; the exit code must be 0, or the one in a
//                     comment at the end: `# exit 1`. A ```text block that follows at once is what they
//                     print; a line `…` in it stands for any lines. Other lines are not run.
//
// Blocks in other languages are not run; ```bash is for commands that install or that run everything,
// which the package checks and the checks themselves do.

import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { mustRun, ROOT, run } from './command.ts'

export interface Snippet {
  /** File and line of the block, such as `docs/guides/observe.md:12`. */
  readonly name: string
  readonly language: 'ts' | 'js' | 'sh'
  readonly code: string
  /** What a `sh` block prints, where the documentation shows it. */
  readonly prints: string | null
}

/** Inside a package, so that it and what it can import resolve by name as they do for a user. */
const FOLDER = join(ROOT, 'packages/callstate/.snippets')
const TRACKER_FOLDER = join(ROOT, 'packages/tracker/.snippets')
const EMULATOR_FOLDER = join(ROOT, 'packages/emulator/.snippets')
const INSPECTOR_FOLDER = join(ROOT, 'packages/inspector/.snippets')
const FOLDERS = [FOLDER, TRACKER_FOLDER, EMULATOR_FOLDER, INSPECTOR_FOLDER]
const TIMEOUT_MS = 30_000
const CONDITION = '--conditions=@callstate/source'
const EXAMPLE_ENV = {
  BOLNA_API_KEY: 'example-key',
  DIALGEN_API_KEY: 'example-key',
  DIALGEN_SECRET: 'example-secret',
  WEBHOOK_SECRET: 'example-secret',
  DATABASE_URL: 'postgresql://calls@localhost/calls',
}

/** Links to files of this repository that do not exist, as `file -> target`. */
export async function deadLinks(): Promise<readonly string[]> {
  const found = await Promise.all(
    (await documents()).map(async ({ file, text }) => {
      const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((link) => link[1] ?? '')
      const missing = targets.filter((target) => !existsSync(join(ROOT, dirname(file), target)))
      return missing.map((target) => `${file} -> ${target}`)
    }),
  )
  return found.flat()
}

/** Tests that a document names, as `file › name` in code marks, and that are not there. */
export async function missingTests(among?: readonly Document[]): Promise<readonly string[]> {
  const named = (among ?? (await documents())).flatMap(({ file, text }) =>
    [...text.matchAll(/`([^`\n]+\.test\.ts) › ([^`\n]+)`/g)].map(([said, path = '', name = '']) => {
      return { file, said, path, name }
    }),
  )
  const missing = await Promise.all(
    named.map(async ({ file, said, path, name }) => {
      const source = await readFile(join(ROOT, path), 'utf8').catch(() => '')
      const isThere = [`'${name}'`, `"${name}"`].some((title) => source.includes(title))
      return isThere ? [] : [`${file}: ${said}`]
    }),
  )
  return missing.flat()
}

/** Every block of the README files and of `docs/`, in the order of the files. */
export async function findSnippets(): Promise<readonly Snippet[]> {
  return (await documents()).flatMap(({ file, text }) => snippetsOf(file, text))
}

interface Document {
  readonly file: string
  readonly text: string
}

async function documents(): Promise<readonly Document[]> {
  const packages = (await readdir(join(ROOT, 'packages'))).map((name) => `packages/${name}`)
  const inDocs = await readdir(join(ROOT, 'docs'), { recursive: true })
  const wanted = [
    ...['', ...packages].map((folder) => join(folder, 'README.md')),
    ...inDocs.filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
  ]
  const found = await Promise.all(
    wanted.toSorted().map(async (file) => {
      const text = await readFile(join(ROOT, file), 'utf8').catch(() => null)
      return text === null ? [] : [{ file, text }]
    }),
  )
  return found.flat()
}

/** The blocks of one document. */
export function snippetsOf(file: string, text: string): readonly Snippet[] {
  const snippets: Snippet[] = []
  const blocks = [...text.matchAll(/^( *)```(\w+)([^\n]*)\n([\s\S]*?)^\1```/gm)]
  let whole = ''
  for (const [place, block] of blocks.entries()) {
    const [all, indent = '', language, info = '', indented = ''] = block
    if (language !== 'ts' && language !== 'js' && language !== 'sh') continue
    const code = indented.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    const name = `${file}:${text.slice(0, block.index).split('\n').length}`
    whole = info.trim() === 'continued' ? whole + code : code
    const next = blocks[place + 1]
    if (info.trim() === 'begins') {
      if (next?.[3]?.trim() === 'continued') continue
      throw new Error(`${name}: expected a continuation to follow at once; got none.`)
    }
    const isFollowed =
      next?.[2] === 'text' && text.slice(block.index + all.length, next.index).trim() === ''
    const prints = language === 'sh' && isFollowed ? (next[4] ?? '') : null
    snippets.push({ name, language, code: language === 'sh' ? code : whole, prints })
  }
  return snippets
}

/** Writes the files that checking and running need; call it before both. */
export async function writeSnippets(snippets: readonly Snippet[]): Promise<void> {
  const tsconfig = {
    extends: '../../../tsconfig.base.json',
    include: ['*.ts'],
    exclude: ['*.run.ts'],
  }
  for (const folder of FOLDERS) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  }
  await writeFile(join(FOLDER, 'callstate'), COMMAND_SHIM, { mode: 0o755 })
  for (const snippet of snippets.filter(({ language }) => language !== 'sh')) {
    if (snippet.language === 'ts') await writeFile(pathOf(snippet, 'ts'), snippet.code)
    await writeFile(runnablePath(snippet), withChecks(snippet))
  }
}

/** Type-checks all `ts` blocks at once; throws with the compiler's words. */
export async function checkSnippetTypes(): Promise<void> {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  await Promise.all(FOLDERS.map((folder) => mustRun(tsc, ['-p', folder])))
}

/** Runs one block; throws with what it printed where it fails. */
export async function runSnippet(snippet: Snippet): Promise<void> {
  if (snippet.language === 'sh') return runShell(snippet)
  // Node's own SQLite announces itself as experimental.
  const args = [CONDITION, '--disable-warning=ExperimentalWarning', runnablePath(snippet)]
  const cwd = await mkdtemp(join(tmpdir(), 'callstate-snippet-'))
  try {
    const { code, output } = await run(process.execPath, args, {
      cwd,
      env: EXAMPLE_ENV,
      timeoutMs: TIMEOUT_MS,
    })
    if (code !== 0) throw new Error(`${snippet.name} ended with code ${code}:\n${output}`)
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}

const COMMAND_SHIM = `#!/bin/sh
exec "${process.execPath}" ${CONDITION} "${join(ROOT, 'packages/cli/src/main.ts')}" "$@"
`

async function runShell({ name, code, prints }: Snippet): Promise<void> {
  let printed = ''
  let commands = 0
  const env = { PATH: `${FOLDER}:${process.env['PATH']}`, NO_COLOR: '1' }
  for (const line of code.replaceAll('\\\n', ' ').split('\n')) {
    if (!/^(?:.*\| *)?(?:npx )?callstate /.test(line)) continue
    const command = line.replaceAll('npx callstate ', 'callstate ')
    commands++
    const wantedCode = Number(/# exit (\d+)$/.exec(command)?.[1] ?? 0)
    const result = await run('sh', ['-c', command], { env, timeoutMs: TIMEOUT_MS })
    if (result.code !== wantedCode) {
      throw new Error(`${name}: "${command}" ended with code ${result.code}:\n${result.output}`)
    }
    printed += result.stdout
  }
  if (commands === 0) throw new Error(`${name}: no line calls callstate; use \`\`\`bash instead.`)
  if (prints !== null && !patternOf(prints).test(printed.trimEnd())) {
    throw new Error(`${name} printed something else than the documentation shows:\n${printed}`)
  }
}

/** The shown output as a pattern in which a line `…` stands for any lines. */
function patternOf(shown: string): RegExp {
  const lines = shown.trimEnd().split('\n')
  const pattern = lines.map((line) =>
    line.trim() === '…'
      ? '(?:.*\\n)*?.*'
      : `${line.trimEnd().replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')} *`,
  )
  return new RegExp(`^${pattern.join('\\n')}$`)
}

function pathOf({ name, code }: Snippet, extension: string): string {
  return join(folderOf(code), `${name.replaceAll(/[^\w-]+/g, '_')}.${extension}`)
}

function runnablePath(snippet: Snippet): string {
  if (snippet.language === 'ts') return pathOf(snippet, 'run.ts')
  return pathOf(snippet, /\brequire\(/.test(snippet.code) ? 'cjs' : 'mjs')
}

/** A value at the beginning of a comment, and what may follow it. */
const SHOWN_VALUE =
  /^\s*(?:=> )?('(?:[^'\\]|\\.)*'|-?\d[\d_.]*|true|false|null|undefined|\[.*\]|\{.*\})(?::? .*)?$/

/** The block with an assertion after every statement whose comment shows a value. */
export function withChecks({ name, language, code }: Snippet): string {
  if (language !== 'ts') return code
  const source = ts.createSourceFile('snippet.ts', code, ts.ScriptTarget.Latest, true)
  const edits: { readonly from: number; readonly to: number; readonly text: string }[] = []
  const visit = (node: ts.Node): void => {
    const shown = ts.isStatement(node) ? shownValue(code, node.end) : undefined
    const value = shown === undefined ? undefined : shownNode(node)
    if (shown !== undefined && value !== undefined) {
      const where = JSON.stringify(`${name}: ${value.getText()}`)
      const check = `__shown(${value.getText()}, (${shown}), ${where})`
      const text = ts.isVariableStatement(node) ? `${node.getText()};${check}` : check
      edits.push({ from: node.getStart(), to: node.end, text })
      return
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  const checked = edits.reduceRight(
    (text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to),
    code,
  )
  return edits.length === 0
    ? code
    : `import { deepStrictEqual as __shown } from 'node:assert';${checked}`
}

/** The value that a comment behind a statement, or alone on the next line after `=>`, shows. */
function shownValue(code: string, end: number): string | undefined {
  const [, same, below] = /^[ \t]*(?:\/\/(.*)|\n[ \t]*\/\/( => .*))/.exec(code.slice(end)) ?? []
  const value = SHOWN_VALUE.exec(same ?? below ?? '')?.[1]
  if (value === undefined) return undefined
  const parsed = ts.transpileModule(`(${value})`, { reportDiagnostics: true })
  return parsed.diagnostics?.length === 0 ? value : undefined
}

/** What a statement shows: an expression, what it logs, or the one variable that it declares. */
function shownNode(node: ts.Node): ts.Node | undefined {
  if (ts.isExpressionStatement(node)) {
    const { expression } = node
    if (ts.isCallExpression(expression) && expression.expression.getText() === 'console.log') {
      return expression.arguments.length === 1 ? expression.arguments[0] : undefined
    }
    return expression
  }
  if (!ts.isVariableStatement(node)) return undefined
  const [declaration, ...others] = node.declarationList.declarations
  return others.length === 0 && declaration && ts.isIdentifier(declaration.name)
    ? declaration.name
    : undefined
}

/** The inspector's and the emulator's packages have the tracker at hand too, so they serve blocks that use both. */
function folderOf(code: string): string {
  if (/from '@callstate\/inspector['/]/.test(code)) return INSPECTOR_FOLDER
  if (code.includes("from '@callstate/emulator'")) return EMULATOR_FOLDER
  return /from '@callstate\/tracker['/]/.test(code) ? TRACKER_FOLDER : FOLDER
}
