import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { main: 'src/main.ts', worker: 'src/check/worker.ts' },
  format: ['esm'],
  dts: false,
  clean: true,
  splitting: true,
  target: 'node20',
  // The library is built in, from its sources: of zod only the used part comes along, which takes two
  // thirds off the time that a command and every worker thread need to start.
  noExternal: [/^callstate(\/|$)/, 'zod'],
  esbuildOptions(options) {
    options.conditions = ['@callstate/source']
  },
})
