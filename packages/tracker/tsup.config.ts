import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    memory: 'src/memory/index.ts',
    sqlite: 'src/sqlite/index.ts',
    postgres: 'src/postgres/index.ts',
    recorder: 'src/recorder/index.ts',
    testing: 'src/testing/index.ts',
    internal: 'src/internal/index.ts',
  },
  format: ['esm'],
  // What can be stopped is an AsyncDisposable, which the `lib` of a Worker or of an older project lacks.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
  clean: true,
  splitting: true,
  target: 'node20',
  // Else `node:sqlite`, which has no other name, would lose its prefix.
  removeNodeProtocol: false,
})
