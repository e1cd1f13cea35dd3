import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { main: 'src/main.ts', worker: 'src/check/worker.ts' },
  format: ['esm'],
  dts: false,
  clean: true,
  splitting: true,
  sourcemap: true,
  target: 'node20',
})
