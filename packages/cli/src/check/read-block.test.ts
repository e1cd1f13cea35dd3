import { describe, expect, test } from 'vitest'
import { type LineSettings, readBlock, reportOversizedLine } from './read-block.ts'

const settings: LineSettings = { provider: 'auto', maxLineBytes: 200 }

const body = (id: string, more: object = {}) => JSON.stringify({ id, status: 'busy', ...more })

function read(bytes: string | Buffer, changed: Partial<LineSettings> = {}) {
  const report = readBlock(Buffer.from(bytes), { ...settings, ...changed })
  const invalid: [line: number, fault: string][] = []
  for (let at = 0; at < report.invalid.length; at += 2) {
    const index = report.invalid[at + 1] as number
    invalid.push([report.invalid[at] as number, report.faults[index] as string])
  }
  return {
    lines: report.lines,
    calls: report.events.map(([line, , , id]) => `${id}@${line}`),
    invalid,
    faults: report.faults,
  }
}

describe('readBlock', () => {
  test('counts every line and skips blank ones, with any line end', () => {
    const report = read(`${body('a')}\r\n\n \t\r\n${body('b')}\n${body('c')}`)
    expect(report).toMatchObject({ lines: 5, calls: ['a@1', 'b@4', 'c@5'], invalid: [] })
    expect(read('')).toMatchObject({ lines: 0, calls: [] })
    expect(read('\n\n')).toMatchObject({ lines: 2, calls: [], invalid: [] })
  })

  test('reads text beyond ASCII as UTF-8', () => {
    expect(read(`${body('é', { note: 'नमस्ते 😀' })}\n${body('b')}`).calls).toEqual(['é@1', 'b@2'])
  })

  test('refuses a line that is no UTF-8, and only that line', () => {
    const damaged = Buffer.concat([
      Buffer.from(`${body('a')}\n{"id":"`),
      Buffer.from([0xc3, 0x28]),
      Buffer.from(`","status":"busy"}\n${body('c')}\n`),
    ])
    expect(read(damaged)).toMatchObject({
      calls: ['a@1', 'c@3'],
      invalid: [[2, 'the line is not valid UTF-8']],
    })
  })

  test('takes a lone surrogate that is escaped, and refuses NUL bytes', () => {
    const report = read(`{"id":"a","status":"busy","note":"\\ud800"}\n\0\0\n${body('c')}`)
    expect(report.calls).toEqual(['a@1', 'c@3'])
    expect(report.invalid).toEqual([[2, 'the line is not JSON from column 1 on: expected a value']])
  })

  test('takes a line of the longest length and refuses a longer one', () => {
    for (const end of ['', '\n', '\r\n']) {
      for (const extra of [-1, 0, 1]) {
        const pad = 'x'.repeat(100)
        const line = body('a', { pad })
        const report = read(`${line}${end}`, { maxLineBytes: line.length - extra })
        expect(report.calls).toEqual(extra <= 0 ? ['a@1'] : [])
      }
    }
  })

  test('counts the bytes of a line and not its characters', () => {
    const line = body('a', { note: 'é' })
    expect(read(line, { maxLineBytes: line.length }).calls).toEqual([])
    expect(read(line, { maxLineBytes: line.length + 1 }).calls).toEqual(['a@1'])
  })

  test('names the same fault of many lines once', () => {
    const report = read('x\n'.repeat(1000))
    expect(report.invalid).toHaveLength(1000)
    expect(report.faults).toHaveLength(1)
  })

  test('says of an oversized line what a block would say of it', () => {
    const { faults } = reportOversizedLine(200)
    expect(read('x'.repeat(201)).faults).toEqual(faults)
  })
})
