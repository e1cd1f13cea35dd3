import { readdirSync } from 'node:fs'
import { defineConfig } from 'tsup'

/** The providers, each a folder of its own; what is built of them follows from what is there. */
const providers = readdirSync('src/providers', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const files = readdirSync(`src/providers/${name}`)
    const entryOf = (file: string, out: string) =>
      files.includes(file) ? [[out, `src/providers/${name}/${file}`] as const] : []
    return [
      ...entryOf('index.ts', `providers/${name}`),
      ...entryOf('reference.ts', `internal/providers/${name}`),
    ]
  })

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    machine: 'src/machine/index.ts',
    providers: 'src/providers/index.ts',
    'providers/all': 'src/providers/all.ts',
    ...Object.fromEntries(providers),
    origin: 'src/providers/origin/schemes.ts',
    'origin/jwt': 'src/providers/origin/jwt.ts',
    testing: 'src/testing/index.ts',
    diagram: 'src/diagram/index.ts',
    text: 'src/text/index.ts',
    internal: 'src/internal/index.ts',
  },
  format: ['esm', 'cjs'],
  dts: true,
  clean: true,
  splitting: true,
  target: 'node20',
})
