// The packages as users get them: packed, checked, published to a registry on this machine, installed
// from it by name in a clean folder outside the repository, and used there for real: as ESM and as CJS, on
// this Node and on the oldest that is supported, beside the oldest versions of what they share with the
// application, from TypeScript, in a browser bundle, and on the command line.

import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { mustRun, ROOT, run } from './command.ts'
import { beginApplication, expectOneOfEach, install, lowestPeers } from './packed/application.ts'
import { checkTypes } from './packed/compile.ts'
import { findOldestNode } from './packed/oldest-node.ts'
import { type PackedPackage, pack } from './packed/pack.ts'
import { runReadmeCommands, writeReadmeBlocks } from './packed/readme.ts'
import { type Registry, startRegistry } from './packed/registry.ts'
import { publishedPackages } from './published-packages.ts'

const BIN = join(ROOT, 'packages/checks/node_modules/.bin')
const CONSUMER = join(ROOT, 'packages/checks/package-consumer')
const LIBRARY = 'callstate'
const COMMAND = '@callstate/cli'
const EXAMPLE_LOG = 'logs/bolna-clean-day.ndjson'

const folder = await mkdtemp(join(tmpdir(), 'callstate-packages-'))
/** Where the application of a user is. */
const application = join(folder, 'application')
try {
  await mkdir(application)
  await checkPackages()
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function checkPackages(): Promise<void> {
  const [oldestNode, ...packages] = await Promise.all([
    findOldestNode(),
    ...publishedPackages().map((published) => pack(published, folder)),
  ])
  await step('publint --strict', async () => {
    for (const { tarball } of packages) await mustRun(join(BIN, 'publint'), ['--strict', tarball])
  })
  await step('attw', () => checkResolution(packages))
  const registry = await startRegistry(join(folder, 'registry'))
  try {
    await step('npm publish to a registry on this machine', () =>
      Promise.all(packages.map(({ tarball }) => registry.publish(tarball))),
    )
    await useInstalled(registry, packages, [process.execPath, oldestNode])
  } finally {
    await registry.stop()
  }
}

async function useInstalled(
  registry: Registry,
  packages: readonly PackedPackage[],
  nodes: readonly string[],
): Promise<void> {
  await beginApplication(application)
  await cp(CONSUMER, application, { recursive: true })
  const readme = await writeReadmeBlocks(application)
  await step('npm install of the library alone', () => install(application, registry, [LIBRARY]))
  await step('the root needs no other package (ESM and CJS, both Nodes)', () =>
    runFiles(nodes, ['root.mjs', 'root.cjs']),
  )
  await step("the README's first block", () => runFiles([process.execPath], [readme.first]))

  const peers = lowestPeers(packages)
  const wanted = [...peers].map(([name, version]) => `${name}@${version}`)
  const names = packages.map(({ name }) => name)
  await step(`npm install of everything, beside ${wanted.join(', ')}`, () =>
    install(application, registry, [...names, ...wanted]),
  )
  await step('one copy of each', async () => {
    const ours = packages.map(({ name, version }) => [name, version] as const)
    await expectOneOfEach(application, new Map([...peers, ...ours]))
  })
  await step('every subpath, as ESM and as CJS, both Nodes', () =>
    runFiles(nodes, ['subpaths.mjs', 'subpaths.cjs']),
  )
  await step('tracker and emulator, both Nodes', () =>
    runFiles(nodes, ['tracker.mjs', 'emulator.mjs']),
  )
  await step("the README's blocks and commands", async () => {
    await runFiles([process.execPath], readme.runnable)
    await runReadmeCommands(application, readme)
  })
  await step('TypeScript 6 and 5.4, with each module resolution, and in a Worker', () =>
    checkTypes(application, packages, readme.asWritten),
  )
  await step('bundle for a browser', checkBrowserBundle)
  const version = packages.find(({ name }) => name === COMMAND)?.version
  await step('the installed command, both Nodes', () => checkCommand(nodes, version))
  await step('the inspector and its page, both Nodes', async () => {
    for (const node of nodes) {
      await mustRun(node, ['inspector.mjs', EXAMPLE_LOG], { cwd: application })
    }
  })
}

async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now()
  await work()
  console.log(`✓ ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
}

/** Whether all ways to resolve modules find code and types that belong together. */
async function checkResolution(packages: readonly PackedPackage[]): Promise<void> {
  for (const { name, tarball } of packages) {
    if (name === COMMAND) continue
    const profile = name === LIBRARY ? 'node16' : 'esm-only'
    await mustRun(join(BIN, 'attw'), [tarball, '--profile', profile])
  }
}

async function runFiles(nodes: readonly string[], files: readonly string[]): Promise<void> {
  for (const node of nodes) {
    for (const file of files) await mustRun(node, [file], { cwd: application })
  }
}

async function checkBrowserBundle(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(application, 'browser-entry.mjs')],
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

async function checkCommand(nodes: readonly string[], version: string | undefined): Promise<void> {
  const command = join(application, 'node_modules/.bin/callstate')
  await mkdir(join(application, 'logs'))
  await cp(join(ROOT, 'docs/examples'), join(application, 'logs'), { recursive: true })
  const cwd = application
  for (const node of nodes) {
    const printed = (await mustRun(node, [command, '--version'], { cwd })).trim()
    if (printed !== version) throw new Error(`--version printed "${printed}", not "${version}".`)
    const args = [command, 'check', EXAMPLE_LOG, '--format', 'json']
    const { code, stdout, output } = await run(node, args, { cwd })
    if (code !== 0) throw new Error(`check ended with code ${code} on a clean day:\n${output}`)
    if (JSON.parse(stdout).calls.length === 0) throw new Error('check found no call.')
    const emulate = ['emulate', '--port', '0', '--clock', 'step', '--place', '2']
    const truth = await mustRun(node, [command, ...emulate, '--format', 'json'], { cwd })
    if (JSON.parse(truth).totals.settled !== 2) throw new Error('emulate did not end its calls.')
  }
}
