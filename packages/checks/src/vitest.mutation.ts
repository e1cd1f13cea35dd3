// The tests as a mutation run needs them: those of the library that are meant to catch a wrong core,
// without type checks. The exhaustive proofs take seconds each and would be run for thousands of
// mutants; the laws and the examples must be able to tell by themselves. A shortened run names the
// test files that it wants in MUTATION_TESTS, separated by commas.
import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

const conditions = ['@callstate/source', ...defaultServerConditions]
const wanted = process.env['MUTATION_TESTS']?.split(',')

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: wanted ?? ['packages/callstate/src/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      '**/*.exhaustive.test.ts',
      'packages/callstate/src/{testing,diagram}/**',
    ],
    // The tests run once for every mutant: the laws draw fewer examples.
    env: { LAW_RUNS: '100' },
    // Instrumented code is several times slower; a mutant that hangs is ended by Stryker's own limit.
    testTimeout: 120_000,
    setupFiles: [new URL('./test-setup.ts', import.meta.url).pathname],
  },
})
