// The packages as users get them: packed, checked, installed in a clean folder outside the repository,
// and used there for real: as ESM and as CJS, on this Node and on the oldest that is supported, from
// TypeScript under three module resolutions, in a browser bundle, and on the command line.

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { mustRun, ROOT, run } from './command.ts'

const OLDEST_NODE = '20.19.6'
const CHECKS = join(ROOT, 'packages/checks')
const CONSUMER = join(CHECKS, 'package-consumer')
/** Everything that a tarball may hold; sources, tests and configuration are not among it. */
const ALLOWED_FILES =
  /^package\/(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/[\w/.-]+\.(js|cjs|d\.ts|d\.cts|map)|dist\/page\/[\w/.-]+\.(html|js|css|svg))$/

const folder = await mkdtemp(join(tmpdir(), 'callstate-packages-'))
try {
  await checkPackages()
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function checkPackages(): Promise<void> {
  const [library, tracker, emulator, inspector, cli, oldestNode] = await Promise.all([
    pack('callstate'),
    pack('tracker'),
    pack('emulator'),
    pack('inspector'),
    pack('cli'),
    findOldestNode(),
  ])
  await step('publint --strict', async () => {
    for (const tarball of [library, tracker, emulator, inspector, cli]) {
      await mustRun(join(CHECKS, 'node_modules/.bin/publint'), ['--strict', tarball])
    }
  })
  await step('attw', async () => {
    await mustRun(join(CHECKS, 'node_modules/.bin/attw'), [library, '--profile', 'node16'])
    for (const tarball of [tracker, emulator, inspector]) {
      await mustRun(join(CHECKS, 'node_modules/.bin/attw'), [tarball, '--profile', 'esm-only'])
    }
  })

  const nodes = [process.execPath, oldestNode]
  await cp(CONSUMER, folder, { recursive: true })
  await installLibraryAlone(library)
  await step('the root needs no other package (ESM and CJS, both Nodes)', () =>
    runFiles(nodes, ['root.mjs', 'root.cjs']),
  )
  await installAll({ library, tracker, emulator, inspector, cli })
  await step('every subpath, as ESM and as CJS, both Nodes', () =>
    runFiles(nodes, ['subpaths.mjs', 'subpaths.cjs']),
  )
  await step('tracker and emulator, both Nodes', () =>
    runFiles(nodes, ['tracker.mjs', 'emulator.mjs']),
  )
  await step('TypeScript under node16, nodenext and bundler', checkTypes)
  await step('bundle for a browser', checkBrowserBundle)
  await step('the installed command, both Nodes', () => checkCommand(nodes))
  await step('the inspector and its page, both Nodes', async () => {
    const log = 'logs/bolna-clean-day.ndjson'
    for (const node of nodes) await mustRun(node, ['inspector.mjs', log], { cwd: folder })
  })
}

async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now()
  await work()
  console.log(`✓ ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
}

/** Packs a package as for publication, checks what the tarball holds and returns its path. */
async function pack(name: string): Promise<string> {
  const tarball = join(folder, `${name}.tgz`)
  await mustRun('pnpm', ['pack', '--out', tarball], { cwd: join(ROOT, 'packages', name) })
  const files = (await mustRun('tar', ['-tzf', tarball])).trim().split('\n')
  const foreign = files.filter((file) => !ALLOWED_FILES.test(file) || /\.test[.-]/.test(file))
  if (foreign.length > 0) throw new Error(`${name} packs what it should not: ${foreign.join(', ')}`)
  for (const needed of ['package/LICENSE', 'package/README.md']) {
    if (!files.includes(needed)) throw new Error(`${name} does not pack ${needed}.`)
  }
  const manifest = await mustRun('tar', ['-xzOf', tarball, 'package/package.json'])
  for (const inner of ['@callstate/source', 'workspace:']) {
    if (manifest.includes(inner)) throw new Error(`The packed manifest of ${name} says "${inner}".`)
  }
  console.log(`✓ ${name}: ${files.length} files packed`)
  return tarball
}

/** Fetches the oldest supported Node through npm and makes sure that it is what runs. */
async function findOldestNode(): Promise<string> {
  const show = 'console.log(process.version + " " + process.execPath)'
  const printed = await mustRun('npx', [
    '-y',
    '-p',
    `node@${OLDEST_NODE}`,
    '--',
    'node',
    '-e',
    show,
  ])
  const [version, path] = printed.trim().split(' ')
  if (version !== `v${OLDEST_NODE}` || path === undefined) {
    throw new Error(
      `Node ${OLDEST_NODE} was asked for and ${version} ran: npm may have skipped the install script of the "node" package (ignore-scripts).`,
    )
  }
  console.log(`✓ Node ${OLDEST_NODE} runs`)
  return path
}

async function installLibraryAlone(library: string): Promise<void> {
  await writeManifest({ callstate: `file:${library}` })
  await step('npm install of the library alone', npmInstall)
}

async function installAll(tarballs: {
  readonly library: string
  readonly tracker: string
  readonly emulator: string
  readonly inspector: string
  readonly cli: string
}): Promise<void> {
  const manifest = await readFile(join(ROOT, 'packages/callstate/package.json'), 'utf8')
  const { devDependencies } = JSON.parse(manifest)
  const { xstate, zod, 'fast-check': fastCheck } = devDependencies
  const packages = {
    callstate: `file:${tarballs.library}`,
    '@callstate/tracker': `file:${tarballs.tracker}`,
    '@callstate/emulator': `file:${tarballs.emulator}`,
    '@callstate/inspector': `file:${tarballs.inspector}`,
    '@callstate/cli': `file:${tarballs.cli}`,
  }
  await writeManifest({ ...packages, xstate, zod, 'fast-check': fastCheck })
  await step('npm install of everything', npmInstall)
}

async function writeManifest(dependencies: Record<string, string>): Promise<void> {
  // The others ask for a published library; the override hands them the tarball.
  const overrides = { callstate: '$callstate' }
  const manifest = { name: 'consumer', private: true, dependencies, overrides }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
}

function npmInstall(): Promise<string> {
  return mustRun('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder })
}

async function runFiles(nodes: readonly string[], files: readonly string[]): Promise<void> {
  for (const node of nodes) {
    for (const file of files) await mustRun(node, [file], { cwd: folder })
  }
}

async function checkTypes(): Promise<void> {
  await cp(join(folder, 'types.mts'), join(folder, 'types.cts'))
  const modules = { node16: 'node16', nodenext: 'nodenext', bundler: 'esnext' }
  const compilations = Object.entries(modules).map(async ([moduleResolution, module]) => {
    const project = join(folder, `tsconfig.${moduleResolution}.json`)
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      noEmit: true,
      types: [],
    }
    // Only Node's own resolutions tell .mts and .cts apart.
    const files = moduleResolution === 'bundler' ? ['types.mts'] : ['types.mts', 'types.cts']
    await writeFile(project, JSON.stringify({ compilerOptions, files }))
    await mustRun(join(ROOT, 'node_modules/.bin/tsc'), ['-p', project])
  })
  await Promise.all(compilations)
}

async function checkBrowserBundle(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'browser-entry.mjs')],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'bundle',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  })
  // A context with JavaScript and nothing of Node.
  const shown = runInContext(`${outputFiles[0]?.text}; bundle.answer()`, createContext({}))
  if (shown !== 'completed settled') throw new Error(`The browser bundle answered "${shown}".`)
}

async function checkCommand(nodes: readonly string[]): Promise<void> {
  const command = join(folder, 'node_modules/.bin/callstate')
  const { version } = JSON.parse(await readFile(join(ROOT, 'packages/cli/package.json'), 'utf8'))
  await mkdir(join(folder, 'logs'))
  await cp(join(ROOT, 'docs/examples'), join(folder, 'logs'), { recursive: true })
  for (const node of nodes) {
    const printed = (await mustRun(node, [command, '--version'], { cwd: folder })).trim()
    if (printed !== version) throw new Error(`--version printed "${printed}", not "${version}".`)
    const args = [command, 'check', 'logs/bolna-clean-day.ndjson', '--format', 'json']
    const { code, stdout, output } = await run(node, args, { cwd: folder })
    if (code !== 0) throw new Error(`check ended with code ${code} on a clean day:\n${output}`)
    if (JSON.parse(stdout).calls.length === 0) throw new Error('check found no call.')
    const emulate = ['emulate', '--port', '0', '--clock', 'step', '--place', '2']
    const truth = await mustRun(node, [command, ...emulate, '--format', 'json'], { cwd: folder })
    if (JSON.parse(truth).totals.settled !== 2) throw new Error('emulate did not end its calls.')
  }
}
