import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One path by which users import a package. */
export interface EntryPoint {
  /** What they write: `callstate`, `callstate/providers/bolna`. */
  readonly specifier: string
  /** Of the built package, absolute. */
  readonly typesFile: string
  readonly moduleFile: string
  readonly reportFile: string
}

/** What our own packages import of each other is no promise to users. */
const NOT_PUBLIC = /^\.\/(package\.json|internal)(\/|$)/

/** The public entry points of a package, as its manifest will say when it is published. */
export function entryPointsOf(packageFolder: string): EntryPoint[] {
  const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
  const exported = Object.entries(manifest.publishConfig?.exports ?? manifest.exports)
  const entryPoints = exported
    .filter(([subpath, targets]) => targets !== null && !NOT_PUBLIC.test(subpath))
    .flatMap(([subpath, targets]) => {
      const { types, default: module } = importTargets(targets)
      return expansionsOf(packageFolder, types).map((part) => {
        const path = subpath.replace('*', part).slice(2)
        return {
          specifier: join(manifest.name, path),
          typesFile: join(packageFolder, types.replace('*', part)),
          moduleFile: join(packageFolder, module.replace('*', part)),
          reportFile: join(packageFolder, 'api', `${path || 'index'}.api.md`),
        }
      })
    })
  // A subpath of its own may be one that a pattern matches too.
  return [...new Map(entryPoints.map((entryPoint) => [entryPoint.specifier, entryPoint])).values()]
}

interface Targets {
  readonly types: string
  readonly default: string
}

/** The files behind an entry of `exports` for those who import it. */
function importTargets(targets: unknown): Targets {
  if (isTargets(targets)) return targets
  if (typeof targets === 'object' && targets !== null && 'import' in targets) {
    return importTargets(targets.import)
  }
  throw new Error(`"exports" holds ${JSON.stringify(targets)}, which names no types.`)
}

function isTargets(value: unknown): value is Targets {
  return typeof value === 'object' && value !== null && 'types' in value && 'default' in value
}

/** What the star of a pattern stands for, by the files that were built; nothing where there is no star. */
function expansionsOf(packageFolder: string, pattern: string): string[] {
  const [before, after] = pattern.split('*')
  if (before === undefined || after === undefined) return ['']
  return readdirSync(join(packageFolder, before))
    .filter((name) => name.endsWith(after))
    .map((name) => name.slice(0, -after.length))
    .sort()
}
