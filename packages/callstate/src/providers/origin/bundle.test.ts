import { build } from 'esbuild'
import { expect, test } from 'vitest'

const SOURCES = new URL('../../', import.meta.url).pathname

/** The packages beside callstate of which a bundle of this line holds something. */
async function packagesIn(line: string): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: { contents: line, resolveDir: SOURCES, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    conditions: ['@callstate/source', 'import'],
    treeShaking: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const [output] = Object.values(metafile.outputs)
  const used = Object.entries(output?.inputs ?? {}).filter(
    ([, { bytesInOutput }]) => bytesInOutput > 0,
  )
  const names = used.map(([path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
  return [...new Set(names.filter((name) => name !== undefined))]
}

test('only a bundle with a JWT scheme holds jose', async () => {
  expect(await packagesIn("export { jwt } from './providers/origin/jwt.ts'")).toEqual(['jose'])
})

test('the other schemes, the doors and the decoders need no package', async () => {
  for (const file of [
    'basic-auth',
    'bearer',
    'body-hmac',
    'ed25519',
    'origin',
    'rewritten-json',
    'shared-header',
    'signature-form',
    'signed-request',
    'timestamped-hmac',
    'url-form-hmac',
  ]) {
    expect(await packagesIn(`export * from './providers/origin/${file}.ts'`), file).toEqual([])
  }
  for (const file of ['decode-delivery', 'received-form']) {
    expect(await packagesIn(`export * from './providers/body/${file}.ts'`), file).toEqual([])
  }
})

test('the root needs no package', async () => {
  expect(await packagesIn("export * from './index.ts'")).toEqual([])
})
