// What users get: the built package, bundled and minified by esbuild as an application would do it, then
// gzipped, and the JavaScript of the inspector's page. 1 kB is 1,000 bytes. And what they do not get: a
// bundle holds no provider that was not imported.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundle } from './bundle.ts'
import { ROOT } from './command.ts'
import { strangersInBundles } from './provider-bundles.ts'
import { textTable } from './table.ts'

/** What is measured, and the most that it may be, gzipped. */
const LIMITS = [
  {
    name: "import { isTerminal } from 'callstate'",
    code: () => bundle("export { isTerminal } from 'callstate'"),
    maxBytes: 1_000,
  },
  {
    name: "export * from 'callstate'",
    code: () => bundle("export * from 'callstate'"),
    maxBytes: 7_250,
  },
  { name: "the inspector's page", code: pageScripts, maxBytes: 150_000 },
] as const

const sizes = await Promise.all(
  LIMITS.map(async ({ name, code, maxBytes }) => {
    const bytes = await code()
    return { name, maxBytes, minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length }
  }),
)
const rows = sizes.map(({ name, minified, gzipped, maxBytes }) => [
  name,
  `${minified}`,
  `${gzipped}`,
  `${maxBytes}`,
  gzipped <= maxBytes ? 'ok' : `${gzipped - maxBytes} bytes too many`,
])
console.log(textTable(['bundle', 'minified', 'gzipped', 'limit', ''], rows))

const strangers = await strangersInBundles()
for (const { bundled, stranger, text } of strangers) {
  console.log(`✗ A bundle of ${bundled} holds ${stranger}, which it does not import: "${text}"`)
}
const isSmall = sizes.every(({ gzipped, maxBytes }) => gzipped <= maxBytes)
process.exitCode = isSmall && strangers.length === 0 ? 0 : 1

async function pageScripts(): Promise<Uint8Array> {
  const folder = join(ROOT, 'packages/inspector/dist/page/assets')
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js'))
  if (scripts.length === 0) throw new Error(`There is no script in ${folder}: run the build first.`)
  return Buffer.concat(await Promise.all(scripts.map((name) => readFile(join(folder, name)))))
}
