import { describe, expect, test } from 'vitest'
import { chooseProviders } from '../providers/choose-providers.ts'
import { readBlock, reportOversizedLine } from './read-block.ts'

const providers = await chooseProviders([])

const body = (id: string, more: object = {}) => JSON.stringify({ id, status: 'busy', ...more })

async function read(bytes: string | Buffer, { maxLineBytes = 200 } = {}) {
  const report = await readBlock(Buffer.from(bytes), providers, maxLineBytes)
  return {
    lines: report.lines,
    calls: report.told.flatMap(({ line, events }) =>
      events.map(({ callId }) => `${callId}@${line}`),
    ),
    invalid: report.invalid.map(([line, fault]) => [line, report.faults[fault]]),
    faults: report.faults,
  }
}

describe('readBlock', () => {
  test('counts every line and skips blank ones, with any line end', async () => {
    const report = await read(`${body('a')}\r\n\n \t\r\n${body('b')}\n${body('c')}`)
    expect(report).toMatchObject({ lines: 5, calls: ['a@1', 'b@4', 'c@5'], invalid: [] })
    expect(await read('')).toMatchObject({ lines: 0, calls: [] })
    expect(await read('\n\n')).toMatchObject({ lines: 2, calls: [], invalid: [] })
  })

  test('reads text beyond ASCII as UTF-8', async () => {
    expect((await read(`${body('é', { note: 'नमस्ते 😀' })}\n${body('b')}`)).calls).toEqual([
      'é@1',
      'b@2',
    ])
  })

  test('refuses a line that is no UTF-8, and only that line', async () => {
    const damaged = Buffer.concat([
      Buffer.from(`${body('a')}\n{"id":"`),
      Buffer.from([0xc3, 0x28]),
      Buffer.from(`","status":"busy"}\n${body('c')}\n`),
    ])
    expect(await read(damaged)).toMatchObject({
      calls: ['a@1', 'c@3'],
      invalid: [[2, 'the line is not valid UTF-8']],
    })
  })

  test('takes a lone surrogate that is escaped, and refuses NUL bytes', async () => {
    const report = await read(`{"id":"a","status":"busy","note":"\\ud800"}\n\0\0\n${body('c')}`)
    expect(report.calls).toEqual(['a@1', 'c@3'])
    expect(report.invalid).toEqual([[2, 'the line is not JSON from column 1 on: expected a value']])
  })

  test('takes a line of the longest length and refuses a longer one', async () => {
    for (const end of ['', '\n', '\r\n']) {
      for (const extra of [-1, 0, 1]) {
        const pad = 'x'.repeat(100)
        const line = body('a', { pad })
        const report = await read(`${line}${end}`, { maxLineBytes: line.length - extra })
        expect(report.calls).toEqual(extra <= 0 ? ['a@1'] : [])
      }
    }
  })

  test('counts the bytes of a line and not its characters', async () => {
    const line = body('a', { note: 'é' })
    expect((await read(line, { maxLineBytes: line.length })).calls).toEqual([])
    expect((await read(line, { maxLineBytes: line.length + 1 })).calls).toEqual(['a@1'])
  })

  test('names the same fault of many lines once', async () => {
    const report = await read('x\n'.repeat(1000))
    expect(report.invalid).toHaveLength(1000)
    expect(report.faults).toHaveLength(1)
  })

  test('says of an oversized line what a block would say of it', async () => {
    const { faults } = reportOversizedLine(200)
    expect((await read('x'.repeat(201))).faults).toEqual(faults)
  })
})
