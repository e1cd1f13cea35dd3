// The size that users get: the built package, bundled and minified by esbuild as an application
// would do it, then gzipped. 1 kB is 1,000 bytes.

import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { ROOT } from './command.ts'
import { textTable } from './table.ts'

const LIMITS = [
  { name: "import { isTerminal } from 'callstate'", exports: '{ isTerminal }', maxBytes: 1_000 },
  { name: "export * from 'callstate'", exports: '*', maxBytes: 5_000 },
] as const

const sizes = await Promise.all(
  LIMITS.map(async (limit) => ({ ...limit, ...(await sizeOf(limit.exports)) })),
)
const rows = sizes.map(({ name, minified, gzipped, maxBytes }) => [
  name,
  `${minified}`,
  `${gzipped}`,
  `${maxBytes}`,
  gzipped <= maxBytes ? 'ok' : `${gzipped - maxBytes} bytes too many`,
])
console.log(textTable(['bundle', 'minified', 'gzipped', 'limit', ''], rows))
process.exitCode = sizes.every(({ gzipped, maxBytes }) => gzipped <= maxBytes) ? 0 : 1

async function sizeOf(exports: string): Promise<{ minified: number; gzipped: number }> {
  const { outputFiles } = await build({
    stdin: { contents: `export ${exports} from 'callstate'`, resolveDir: ROOT },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  const code = outputFiles[0]?.contents ?? new Uint8Array()
  return { minified: code.length, gzipped: gzipSync(code, { level: 9 }).length }
}
