import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', redact: 'src/redact/index.ts', xstate: 'src/xstate.ts' },
  format: ['esm'],
  dts: true,
  // The page is built beside it.
  clean: ['!page/**'],
  splitting: true,
  target: 'node20',
})
