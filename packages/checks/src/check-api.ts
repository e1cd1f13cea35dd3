// What users can import, as a report per public entry point of each published package, made from what is
// built. A change of it is seen in review, because the reports are checked in: this compares them, and
// `pnpm make-api` (or the option --write) makes them anew.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import { budgetTable, ENFORCE_BUDGETS, overBudget } from './api/budget.ts'
import { entryPointsOf } from './api/entry-point.ts'
import { type ApiReport, reportsOf } from './api/report.ts'
import { isSameInterface } from './api/same-interface.ts'
import { ROOT } from './command.ts'
import { publishedPackages } from './published-packages.ts'

const folders = publishedPackages().map(({ folder }) => folder)
const reports: ApiReport[] = []
for (const folder of folders) {
  const entryPoints = entryPointsOf(folder)
  for (const { typesFile } of entryPoints) {
    if (!existsSync(typesFile))
      throw new Error(`${typesFile} is not there: run "pnpm build" first.`)
  }
  reports.push(...(await reportsOf(folder, entryPoints)))
}
const stale = folders
  .flatMap(reportFilesOf)
  .filter((path) => !reports.some(({ entryPoint }) => entryPoint.reportFile === path))

if (process.argv.includes('--write')) await writeReports()
else compareReports()
console.log(budgetTable(reports))
const excessive = overBudget(reports).map(({ entryPoint }) => entryPoint.specifier)
if (ENFORCE_BUDGETS && excessive.length > 0) {
  console.log(`More values than their budget have: ${excessive.join(', ')}.`)
  process.exitCode = 1
}

async function writeReports(): Promise<void> {
  for (const { entryPoint, text } of reports) {
    await mkdir(dirname(entryPoint.reportFile), { recursive: true })
    await writeFile(entryPoint.reportFile, text)
  }
  for (const path of stale) await rm(path)
}

function compareReports(): void {
  const differences = [
    ...reports.map(({ entryPoint, text }) => difference(entryPoint.reportFile, text)),
    ...stale.map((path) => difference(path, '')),
  ].filter((text) => text !== '')
  if (differences.length === 0) return
  console.log(differences.join('\n'))
  console.log('The public interface has changed. If that is meant, accept it with: pnpm make-api\n')
  process.exitCode = 1
}

/** The difference between what is checked in and what is built; empty where there is none. */
function difference(path: string, built: string): string {
  const name = relative(ROOT, path)
  if (!existsSync(path)) return `${name} is not there.\n`
  const checkedIn = readFileSync(path, 'utf8')
  if (isSameInterface(checkedIn, built)) return ''
  return createTwoFilesPatch(name, name, checkedIn, built, 'checked in', 'built')
}

function reportFilesOf(packageFolder: string): string[] {
  const folder = join(packageFolder, 'api')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.api.md'))
    .map((path) => join(folder, path))
}
