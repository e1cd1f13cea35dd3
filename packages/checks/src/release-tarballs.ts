// `pnpm tarballs-of-0.1 [FOLDER]`: the packages of release 0.1 as users would get them, built from the
// history of this repository, so that what comes later can be compared with it. `release-0.1.json`
// names the commit. `--only PACKAGE` builds one of them.

import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { mustRun, ROOT, run } from './command.ts'

interface Release {
  readonly version: string
  readonly commit: string
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
}

const DEFAULT_FOLDER = 'reports/release-0.1'
const USAGE = `Usage: pnpm tarballs-of-0.1 [FOLDER] [--only PACKAGE]

  FOLDER  where the tarballs go; ${DEFAULT_FOLDER} by default
  --only  one package alone, by its name; none of the others is built`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
})
const [wanted = join(ROOT, DEFAULT_FOLDER), ...others] = positionals
const { only, help } = values
if (help || others.length > 0) {
  console.log(USAGE)
  process.exit(help ? 0 : 2)
}
try {
  await makeTarballs(await readJson<Release>(new URL('../release-0.1.json', import.meta.url)))
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}

async function makeTarballs({ version, commit }: Release): Promise<void> {
  const out = resolve(wanted)
  await expectCommit(version, commit)
  await mkdir(out, { recursive: true })
  const source = await mkdtemp(join(tmpdir(), `callstate-${version}-`))
  try {
    await step(`the sources of ${commit.slice(0, 7)}, release ${version}`, async () => {
      const archive = join(source, 'source.tar')
      await mustRun('git', ['archive', '--output', archive, commit])
      await mustRun('tar', ['-xf', archive, '-C', source])
      await rm(archive)
    })
    const filter = only === undefined ? [] : ['--filter', only]
    await step('pnpm install', () =>
      mustRun('pnpm', [...filter, 'install', '--frozen-lockfile'], { cwd: source }),
    )
    const which = only === undefined ? ['-r'] : filter
    await step('pnpm build', () => mustRun('pnpm', [...which, 'build'], { cwd: source }))
    let packed = 0
    for (const name of (await readdir(join(source, 'packages'))).toSorted()) {
      if (await pack(join(source, 'packages', name), out)) packed++
    }
    if (packed === 0) throw new Error(`expected --only to be a package of ${version}, got ${only}`)
    console.log(`The packages of release ${version} are in ${out}`)
  } finally {
    await rm(source, { recursive: true, force: true })
  }
}

/** Throws with what to do where this clone does not hold the commit. */
async function expectCommit(version: string, commit: string): Promise<void> {
  const found = await run('git', ['cat-file', '-e', `${commit}^{commit}`])
  if (found.code === 0) return
  if (found.code === 127) throw new Error('expected git to be installed; it could not be started.')
  const shallow = await run('git', ['rev-parse', '--is-shallow-repository'])
  if (shallow.code !== 0) {
    throw new Error(`expected ${ROOT} to be a clone with its history; git says: ${shallow.output}`)
  }
  const todo =
    shallow.stdout.trim() === 'true'
      ? 'this clone is shallow; run "git fetch --unshallow" and try again.'
      : `run "git fetch origin ${commit}" and try again.`
  throw new Error(`expected commit ${commit}, release ${version}, to be in this clone: ${todo}`)
}

/** Packs a package that is wanted; answers whether it was. */
async function pack(folder: string, out: string): Promise<boolean> {
  const manifest = await readJson<Manifest>(join(folder, 'package.json'))
  if (manifest.private === true || (only ?? manifest.name) !== manifest.name) return false
  const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
  await step(file, () => mustRun('pnpm', ['pack', '--out', join(out, file)], { cwd: folder }))
  return true
}

async function readJson<Content>(path: string | URL): Promise<Content> {
  return JSON.parse(await readFile(path, 'utf8'))
}

/** Says what is being done while it is done: each takes up to a minute. */
async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now()
  console.log(`… ${name}`)
  await work()
  console.log(`✓ ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
}
