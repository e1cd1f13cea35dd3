import { join } from 'node:path'
import { mustRun } from '../command.ts'
import type { PublishedPackage } from '../published-packages.ts'

/** Everything that a tarball may hold; sources, tests and configuration are not among it. */
const ALLOWED_FILES =
  /^package\/(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/[\w/.-]+\.(js|cjs|d\.ts|d\.cts|map)|dist\/page\/[\w/.-]+\.(html|js|css|svg))$/
const NEEDED_FILES = ['package/LICENSE', 'package/README.md']
/** What each manifest says of where the package comes from. */
const ORIGIN_FIELDS = ['license', 'repository', 'homepage', 'bugs']

/** A package as it is published. */
export interface PackedPackage extends PublishedPackage {
  readonly tarball: string
  readonly peers: Readonly<Record<string, string>>
}

/** Packs a package as for publication and checks what the tarball holds. */
export async function pack(published: PublishedPackage, into: string): Promise<PackedPackage> {
  const { name, folderName, folder } = published
  const tarball = join(into, `${folderName}.tgz`)
  await mustRun('pnpm', ['pack', '--out', tarball], { cwd: folder })
  const files = (await mustRun('tar', ['-tzf', tarball])).trim().split('\n')
  const foreign = files.filter((file) => !ALLOWED_FILES.test(file) || /\.test[.-]/.test(file))
  if (foreign.length > 0) throw new Error(`${name} packs what it should not: ${foreign.join(', ')}`)
  for (const needed of NEEDED_FILES) {
    if (!files.includes(needed)) throw new Error(`${name} does not pack ${needed}.`)
  }
  const text = await mustRun('tar', ['-xzOf', tarball, 'package/package.json'])
  for (const inner of ['@callstate/source', 'workspace:']) {
    if (text.includes(inner)) throw new Error(`The packed manifest of ${name} says "${inner}".`)
  }
  const manifest = JSON.parse(text)
  const missing = ORIGIN_FIELDS.filter((field) => manifest[field] === undefined)
  if (missing.length > 0) throw new Error(`The manifest of ${name} lacks ${missing.join(', ')}.`)
  console.log(`✓ ${name}: ${files.length} files packed`)
  return { ...published, tarball, peers: manifest.peerDependencies ?? {} }
}
