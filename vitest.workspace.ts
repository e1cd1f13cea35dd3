import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

// The tests import every workspace package from its sources, so nothing has to be built first.
const conditions = ['@callstate/source', ...defaultServerConditions]

const project = (name: string) => ({
  extends: true as const,
  root: `./packages/${name}`,
  test: { name },
})

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: ['callstate', 'tracker', 'emulator', 'inspector', 'cli', 'checks', 'drawings'].map(
      project,
    ),
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Every processor: the default leaves one idle, which on two is half of the time.
    maxWorkers: '100%',
    // Exhaustive tests take seconds on a fast machine; a slow one gets its time.
    testTimeout: 120_000,
    setupFiles: [new URL('./packages/checks/src/test-setup.ts', import.meta.url).pathname],
    typecheck: {
      enabled: true,
      include: ['src/**/*.test-d.ts', 'test/**/*.test-d.ts'],
      tsconfig: './tsconfig.json',
    },
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
  },
})
