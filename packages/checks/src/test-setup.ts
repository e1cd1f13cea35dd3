import { afterEach, beforeEach, expect, vi } from 'vitest'

// Library code is silent: whatever reaches the console fails the test that caused it.
const methods = ['log', 'info', 'warn', 'error', 'debug'] as const
const heard: string[] = []

beforeEach(() => {
  heard.length = 0
  for (const method of methods) {
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => {
      heard.push(`console.${method}: ${words.map(String).join(' ')}`)
    })
  }
})

afterEach(() => {
  vi.restoreAllMocks()
  expect(heard, 'a test wrote to the console').toEqual([])
})
