import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { InvalidLog } from './invalid-log.ts'

const invalidLine = (line: number) => ({
  file: 'a.ndjson',
  line,
  message: line % 3 === 0 ? 'the line is not valid UTF-8' : `column ${line} ▶`,
})

function spilled(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('callstate-invalid-'))
}

describe('InvalidLog', () => {
  test.each([0, 1, 99, 100, 101, 30_000])('gives back %i lines in order', (count) => {
    const log = new InvalidLog({ keepAll: true, limit: 100 })
    const lines = Array.from({ length: count }, (_, index) => invalidLine(index + 1))
    for (const line of lines) log.add(line)
    expect(log.count).toBe(count)
    expect([...log.entries()]).toEqual(lines)
    // They can be read again.
    expect([...log.entries()]).toEqual(lines)
    log.close()
  })

  test('counts the lines beyond the limit and forgets them, where not all are wanted', () => {
    const log = new InvalidLog({ keepAll: false, limit: 2 })
    for (let line = 1; line <= 5; line++) log.add(invalidLine(line))
    expect(log.count).toBe(5)
    expect([...log.entries()].map(({ line }) => line)).toEqual([1, 2])
  })

  test('leaves no file behind', () => {
    const before = spilled()
    const log = new InvalidLog({ keepAll: true, limit: 0 })
    for (let line = 1; line <= 30_000; line++) log.add(invalidLine(line))
    log.close()
    log.close()
    expect(spilled().filter((name) => !before.includes(name))).toEqual([])
  })
})
