import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { fileSink } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'callstate-recorder-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'))
  path = join(folder, 'deliveries.ndjson')
})

const contents = () =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
const modeOf = (file: string) => statSync(file).mode & 0o777

describe('fileSink', () => {
  test('writes a line each, behind what is there', () => {
    writeFileSync(path, 'before\n')
    const sink = fileSink(path)
    sink.write('{"a":1}')
    sink.write('{"b":"é"}')
    sink.close()
    expect(contents()).toEqual({ 'deliveries.ndjson': 'before\n{"a":1}\n{"b":"é"}\n' })
  })

  test('is for its owner alone, also where the file was there and others could read it', () => {
    const umask = process.umask(0)
    try {
      const sink = fileSink(path, { maxBytes: 4 })
      sink.write('one')
      sink.write('two')
      sink.close()
    } finally {
      process.umask(umask)
    }
    expect(modeOf(path)).toBe(0o600)
    expect(modeOf(`${path}.1`)).toBe(0o600)
    chmodSync(path, 0o644)
    fileSink(path).close()
    expect(modeOf(path)).toBe(0o600)
  })

  test('begins another file where a line would not fit any more, to the byte', () => {
    for (const [maxBytes, files] of [
      [7, 2],
      [8, 1],
      [9, 1],
    ] as const) {
      const own = join(folder, `max-${maxBytes}.ndjson`)
      const sink = fileSink(own, { maxBytes })
      sink.write('abc')
      sink.write('def')
      sink.close()
      expect(
        readdirSync(folder).filter((name) => name.startsWith(`max-${maxBytes}.`)),
      ).toHaveLength(files)
    }
  })

  test('counts bytes, not characters', () => {
    const sink = fileSink(path, { maxBytes: 8 })
    sink.write('é')
    sink.write('éé')
    sink.write('a')
    sink.close()
    expect(contents()).toEqual({ 'deliveries.ndjson': 'a\n', 'deliveries.ndjson.1': 'é\néé\n' })
  })

  test.each([1, 2, 3])('keeps %i files, the latest lines in the first', (keep) => {
    const sink = fileSink(path, { maxBytes: 4, keep })
    for (const line of ['1st', '2nd', '3rd', '4th', '5th']) sink.write(line)
    sink.close()
    const all = {
      'deliveries.ndjson': '5th\n',
      'deliveries.ndjson.1': '4th\n',
      'deliveries.ndjson.2': '3rd\n',
    }
    expect(contents()).toEqual(Object.fromEntries(Object.entries(all).slice(0, keep)))
  })

  test('a line that is longer than a file has a file of its own', () => {
    const sink = fileSink(path, { maxBytes: 4 })
    sink.write('a very long line')
    sink.write('1')
    sink.close()
    expect(contents()).toEqual({
      'deliveries.ndjson': '1\n',
      'deliveries.ndjson.1': 'a very long line\n',
    })
  })

  test('goes on behind a line that was never ended, on a line of its own', () => {
    writeFileSync(path, '{"half":')
    const sink = fileSink(path)
    sink.write('{"whole":1}')
    sink.write('{"whole":2}')
    sink.close()
    expect(contents()).toEqual({ 'deliveries.ndjson': '{"half":\n{"whole":1}\n{"whole":2}\n' })
  })

  test('tells what the system says when it writes', () => {
    const sink = fileSink('/dev/full')
    expect(() => sink.write('{"a":1}')).toThrow(expect.objectContaining({ code: 'ENOSPC' }))
    sink.close()
    expect(() => sink.write('{"a":1}')).toThrow(expect.objectContaining({ code: 'closed' }))
  })

  test('is not made for a file that cannot be opened, nor with limits that are none', () => {
    const invalid = expect.objectContaining({ code: 'invalid-option' })
    expect(() => fileSink(join(folder, 'nowhere', 'file'))).toThrow(invalid)
    expect(() => fileSink(folder)).toThrow(invalid)
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => fileSink(path, { maxBytes: value })).toThrow(invalid)
      expect(() => fileSink(path, { keep: value })).toThrow(invalid)
    }
  })
})
