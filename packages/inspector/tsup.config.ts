import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    internal: 'src/internal/index.ts',
    redact: 'src/redact/index.ts',
    xstate: 'src/xstate.ts',
  },
  format: ['esm'],
  // What can be stopped is an AsyncDisposable, which the `lib` of a Worker or of an older project lacks.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
  // The page is built beside it.
  clean: ['!page/**'],
  splitting: true,
  target: 'node20',
})
