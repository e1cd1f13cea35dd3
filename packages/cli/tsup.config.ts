import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { main: 'src/main.ts', worker: 'src/check/worker.ts' },
  format: ['esm'],
  dts: false,
  clean: true,
  splitting: true,
  target: 'node20',
  // The library, the tracker and the emulator are built in, from their sources: of zod only the used part comes along,
  // which takes two thirds off the time that a command and every worker thread need to start. What only
  // the commands around the tracker use lies in chunks of its own, which they load when they run.
  noExternal: [/^callstate(\/|$)/, /^@callstate\/(tracker|emulator)(\/|$)/, /^xstate(\/|$)/, 'zod'],
  // `node:sqlite` exists under this name only.
  removeNodeProtocol: false,
  esbuildOptions(options) {
    options.conditions = ['@callstate/source']
  },
})
