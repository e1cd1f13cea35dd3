import { defaultClientConditions, defineConfig } from 'vite'
import { drawingPlugin } from './drawing-plugin.ts'

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the page works under `/` and under a prefix such as `/inspector/`.
  base: './',
  // Bundles the library's sources, so nothing has to be built first.
  resolve: { conditions: ['@callstate/source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [drawingPlugin()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2023',
    // An inlined `data:` address would need a wider content security policy.
    assetsInlineLimit: 0,
    // Its polyfill is for browsers that cannot run this page anyway.
    modulePreload: { polyfill: false },
  },
})
