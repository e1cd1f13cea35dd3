import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts' },
  format: ['esm'],
  // What can be stopped is an AsyncDisposable, which the `lib` of a Worker or of an older project lacks.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
  clean: true,
  target: 'node20',
})
