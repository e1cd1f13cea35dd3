import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { entryPointsOf } from './entry-point.ts'
import { reportsOf } from './report.ts'

const targets = (path: string) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` })
const MANIFEST = {
  name: '@made-up/phone',
  version: '1.0.0',
  type: 'module',
  exports: { '.': './src/never-looked-at.ts' },
  publishConfig: {
    exports: {
      '.': { import: targets('index'), require: { types: 'x', default: 'x' } },
      './vendors/acme': targets('vendors/acme'),
      './vendors/*': targets('vendors/*'),
      './vendors/none': null,
      './internal': targets('internal'),
      './internal/*': targets('internal/*'),
      './package.json': './package.json',
    },
  },
}
const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify(MANIFEST),
  'dist/index.js': 'export const dial = () => 1; export class Line {}',
  'dist/index.d.ts': [
    'import { V as Vendor } from "./chunk-x1.js"',
    'import { Readable, type Writable } from "node:stream"',
    'interface Options { readonly vendor: Vendor; readonly rings?: number }',
    '/** Hears. */',
    'interface Hearing { readonly ear: Readable; readonly on: (to: Writable) => void }',
    '/** Dials. */',
    'declare function dial(options: Options, hearing: Hearing): Line',
    'declare class Line { readonly isOpen: boolean }',
    'export { dial, type Hearing, Line, type Vendor }',
  ].join('\n'),
  'dist/chunk-x1.d.ts': 'interface Vendor { readonly name: string }\nexport { Vendor as V }',
  'dist/vendors/acme.js': 'export const acme = { name: "acme" }',
  'dist/vendors/acme.d.ts':
    'import { V as Vendor } from "../chunk-x1.js"\ndeclare const acme: Vendor\nexport { acme }',
  'dist/vendors/zeta.js': '',
  'dist/vendors/zeta.d.ts': 'export {}',
}

function packageWith(changes: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'made-up-package-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [path, text] of Object.entries({ ...FILES, ...changes })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}
const reportsOfPackage = (folder: string) => reportsOf(folder, entryPointsOf(folder))

test('each public entry point has a report, those of a pattern by what was built', () => {
  const folder = packageWith()
  const found = entryPointsOf(folder).map((entryPoint) => [
    entryPoint.specifier,
    relative(folder, entryPoint.typesFile),
    relative(folder, entryPoint.reportFile),
  ])
  expect(found).toEqual([
    ['@made-up/phone', 'dist/index.d.ts', 'api/index.api.md'],
    ['@made-up/phone/vendors/acme', 'dist/vendors/acme.d.ts', 'api/vendors/acme.api.md'],
    ['@made-up/phone/vendors/zeta', 'dist/vendors/zeta.d.ts', 'api/vendors/zeta.api.md'],
  ])
})

test('values, types and what is used without being exported are told apart', async () => {
  const [root, acme] = await reportsOfPackage(packageWith())
  expect(root).toMatchObject({
    values: ['Line', 'dial'],
    types: ['Hearing', 'Vendor'],
    hidden: ['Options'],
  })
  expect(acme).toMatchObject({ values: ['acme'], types: [], hidden: [] })
  expect(root?.text).toContain("import { Readable } from 'node:stream';\n")
  expect(acme?.text.trim().split('\n')).toEqual([
    '# API of `@made-up/phone/vendors/acme`',
    '',
    'Made by `pnpm make-api`. What is declared without `export` is used by what is exported.',
    '',
    '```ts',
    '// @public (undocumented)',
    'export const acme: Vendor;',
    '```',
  ])
})

test('a type whose name is also a global one counts as exported', async () => {
  const folder = packageWith({
    'dist/chunk-x1.d.ts': 'interface Request { readonly name: string }\nexport { Request as V }',
    'dist/index.d.ts': 'import { V as Request } from "./chunk-x1.js"\nexport { type Request }',
    'dist/index.js': '',
  })
  const [root, acme] = await reportsOfPackage(folder)
  expect(root).toMatchObject({ values: [], types: ['Request'], hidden: [] })
  expect(root?.text).toContain('interface Request_2 {')
  expect(acme).toMatchObject({ hidden: [] })
  expect(acme?.text).not.toContain('interface')
})

test('a report changes with a signature, also of what is not exported, and with nothing else', async () => {
  const [before] = await reportsOfPackage(packageWith())
  const index = FILES['dist/index.d.ts'] ?? ''
  const moved = index.replaceAll('chunk-x1', 'chunk-y2').replace('Dials.', 'Makes a call.')
  const [same] = await reportsOfPackage(
    packageWith({
      'dist/index.d.ts': moved,
      'dist/chunk-y2.d.ts': FILES['dist/chunk-x1.d.ts'] ?? '',
    }),
  )
  expect(same?.text).toBe(before?.text)
  const stricter = index.replace('rings?: number', 'rings: number')
  const [other] = await reportsOfPackage(packageWith({ 'dist/index.d.ts': stricter }))
  expect(other?.text).toBe(before?.text.replace('rings?: number', 'rings: number'))
  expect(other?.text).not.toBe(before?.text)
})

test('a value without a type is refused', async () => {
  const folder = packageWith({ 'dist/vendors/zeta.js': 'export const zeta = 1' })
  await expect(reportsOfPackage(folder)).rejects.toThrow(
    '@made-up/phone/vendors/zeta exports without a type: zeta',
  )
})
