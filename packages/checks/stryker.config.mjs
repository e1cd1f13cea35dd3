// `pnpm mutate` (src/mutate.ts) says which files are changed, with which tests and where the report goes.
export default {
  testRunner: 'vitest',
  plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
  vitest: { configFile: 'packages/checks/src/vitest.mutation.ts' },
  ignorePatterns: ['.bench', '.snippets', 'docs', 'dist', 'coverage', 'reports'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // Runners grow with every change that they try; fresh ones keep a long run within the memory.
  maxTestRunnerReuse: 100,
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: process.env.MUTATION_REPORT ?? 'reports/mutation.json' },
  // src/mutate.ts counts for itself.
  thresholds: { high: 100, low: 95, break: null },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  dryRunTimeoutMinutes: 20,
  timeoutMS: 20_000,
  ignoreStatic: true,
}
