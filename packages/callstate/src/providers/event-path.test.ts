import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

// Whoever follows calls reads events, and should not have to install or ship what reads payloads.

test.each(['./bolna/bolna.ts', './dialgen/dialgen.ts'])(
  'the provider in %s imports nothing from outside',
  async (file) => {
    const { metafile } = await build({
      entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      outdir: 'nowhere',
      packages: 'external',
      format: 'esm',
      platform: 'neutral',
    })
    const [output] = Object.values(metafile.outputs)
    expect(output?.imports).toEqual([])
    expect(Object.keys(metafile.inputs).length).toBeGreaterThan(5)
  },
)
