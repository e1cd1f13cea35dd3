import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
} from '@microsoft/api-extractor'
import { ROOT } from '../command.ts'
import type { EntryPoint } from './entry-point.ts'

/**
 * The declarations of each entry point of one built package, as API Extractor prints them: sorted by name,
 * the exported ones with `export`, and those that they use without.
 */
export function extractDeclarations(
  packageFolder: string,
  entryPoints: readonly EntryPoint[],
): Map<EntryPoint, string> {
  const folder = mkdtempSync(join(tmpdir(), 'callstate-api-'))
  try {
    const typesFiles = entryPoints.map(({ typesFile }) => typesFile)
    const configs = entryPoints.map((entryPoint) => ({
      entryPoint,
      config: configOf(packageFolder, entryPoint, typesFiles, folder),
    }))
    const [first] = configs
    if (first === undefined) return new Map()
    const compilerState = CompilerState.create(first.config, { additionalEntryPoints: typesFiles })
    return new Map(
      configs.map(({ entryPoint, config }) => {
        extract(config, compilerState)
        return [entryPoint, declarationsIn(readFileSync(config.reportFilePath, 'utf8'))]
      }),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function extract(config: ExtractorConfig, compilerState: CompilerState): void {
  const errors: string[] = []
  const { succeeded } = Extractor.invoke(config, {
    compilerState,
    localBuild: true,
    messageCallback: (message) => {
      if (message.logLevel === ExtractorLogLevel.Error) errors.push(message.text)
      message.handled = true
    },
  })
  if (!succeeded) {
    throw new Error(`${config.mainEntryPointFilePath} cannot be read:\n${errors.join('\n')}`)
  }
}

function configOf(
  packageFolder: string,
  { typesFile }: EntryPoint,
  files: readonly string[],
  reportFolder: string,
): ExtractorConfig {
  const silent = { default: { logLevel: ExtractorLogLevel.None } }
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(packageFolder, 'package.json'),
    configObject: {
      projectFolder: packageFolder,
      mainEntryPointFilePath: typesFile,
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files } },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: `${basename(typesFile, '.d.ts')}.api.md`,
        reportFolder,
        reportTempFolder: join(reportFolder, 'temporary'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: silent,
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
  })
}

const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [join(ROOT, 'node_modules/@types')],
}

/** The TypeScript inside of a report. */
function declarationsIn(report: string): string {
  const [, declarations] = /```ts\n([\s\S]*?)\n```/.exec(report) ?? []
  if (declarations === undefined) throw new Error(`A report without declarations:\n${report}`)
  return declarations.replace('// (No @packageDocumentation comment for this package)', '').trim()
}
