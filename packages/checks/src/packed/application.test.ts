import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { expectOneOfEach, lowestPeers } from './application.ts'
import type { PackedPackage } from './pack.ts'

const packed = (name: string, peers: Readonly<Record<string, string>>): PackedPackage => ({
  name,
  peers,
  version: '1.0.0',
  folderName: name,
  folder: name,
  tarball: `${name}.tgz`,
})

test('of shared packages the lowest allowed version is installed, and ours are ours', () => {
  const line = packed('line', { phone: '^1.0.0', dial: '^2.3.4' })
  const phone = packed('phone', { dial: '^2.3.4', tone: '^0.1.0' })
  expect([...lowestPeers([line, phone])]).toEqual([
    ['dial', '2.3.4'],
    ['tone', '0.1.0'],
  ])
})

test.each([
  [{ dial: '2.3.4' }, 'phone asks for dial 2.3.4, not "^x.y.z".'],
  [{ dial: '^2.0.0' }, 'Our packages ask for dial from 2.3.4 and from 2.0.0 on.'],
])('a pin, and ranges that differ, are refused: %o', (peers, message) => {
  const line = packed('line', { dial: '^2.3.4' })
  expect(() => lowestPeers([line, packed('phone', peers)])).toThrow(message)
})

test('a second copy, a missing one and another version are found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'made-up-application-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const put = (path: string, version: string) => {
    mkdirSync(join(folder, 'node_modules', path), { recursive: true })
    const manifest = JSON.stringify({ version })
    writeFileSync(join(folder, 'node_modules', path, 'package.json'), manifest)
  }
  put('dial', '2.3.4')
  put('@line/dial', '9.9.9')
  put('phone', '1.0.0')
  const wanted = new Map([['dial', '2.3.4']])
  await expectOneOfEach(folder, wanted)
  await expect(expectOneOfEach(folder, new Map([['dial', '2.3.5']]))).rejects.toThrow(
    'An application that wants dial 2.3.5 gets 2.3.4.',
  )
  await expect(expectOneOfEach(folder, new Map([['tone', '0.1.0']]))).rejects.toThrow(
    'An application gets 0 copies of tone',
  )
  put('phone/node_modules/dial', '2.3.4')
  await expect(expectOneOfEach(folder, wanted)).rejects.toThrow('gets 2 copies of dial')
})
