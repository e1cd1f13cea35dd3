import { cpSync, rmSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

// Once for both builds, which run side by side.
rmSync('dist', { recursive: true, force: true })
// The inspector looks for its page beside the code.
cpSync('../inspector/dist/page', 'dist/page', { recursive: true })

const common = {
  format: ['esm'],
  dts: false,
  splitting: true,
  target: 'node20',
  // What the command needs of this repository is built in, from its sources: of zod only the used part
  // comes along, which takes two thirds off the time that a command and every worker thread need to start.
  noExternal: [/^callstate(\/|$)/, /^@callstate\//, /^xstate(\/|$)/, 'zod'],
  // `node:sqlite` exists under this name only.
  removeNodeProtocol: false,
  esbuildOptions(options) {
    options.conditions = ['@callstate/source']
  },
} satisfies Options

export default defineConfig([
  {
    ...common,
    // What only some commands use lies in chunks of its own, which they load when they run.
    entry: { main: 'src/main.ts', worker: 'src/read-log/worker.ts' },
    esbuildPlugins: [
      {
        // The emulator uses far more of zod: in one build with the others, they would all load that.
        name: 'emulator apart',
        setup(build) {
          build.onResolve({ filter: /^@callstate\/emulator$/ }, () => ({
            path: './emulator.js',
            external: true,
          }))
        },
      },
    ],
  },
  { ...common, entry: { emulator: '../emulator/src/index.ts' } },
])
