import { describe, test } from 'vitest'
import { storeConformance } from '../testing/index.ts'
import { createMemoryStore } from './index.ts'

describe('the memory store', () => {
  for (const check of storeConformance({ open: async () => createMemoryStore() })) {
    test(check.name, check.run)
  }
})
