import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { checkTransition, lifecycleOf } from 'callstate'
import { machineDot, machineGraph, machineMermaid } from 'callstate/diagram'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACME, acme } from './acme.ts'
import { startCli } from './cli-process.ts'
import { runHere } from './memory-terminal.ts'
import { temporaryFolder } from './small-database.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

describe('emulate', () => {
  test('writes what is sent anew each time, and says where it cannot', async () => {
    const out = folder.path('anew.ndjson')
    const args = ['emulate', '--provider', ACME, '--port', '0', '--clock', 'step', '--place', '2']
    const run = [...args, '--webhook', 'http://127.0.0.1:1/', '--drop', '0', '--out', out]
    await runHere([...run, '--seed', '1'])
    const first = await readFile(out, 'utf8')
    await runHere([...run, '--seed', '1'])
    expect(await readFile(out, 'utf8')).toBe(first)
    expect(first).toContain('"provider":"acme"')

    const nowhere = await runHere([...args, '--out', folder.path('no/such/folder/log')])
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('--out')])
  })

  test('places calls at several providers by turns', async () => {
    const providers = ['--provider', ACME, '--provider', 'dialgen']
    const args = ['--port', '0', '--clock', 'step', '--place', '5', '--format', 'json']
    const { stdout } = await runHere(['emulate', ...providers, ...args])
    const { calls } = JSON.parse(stdout) as { calls: { provider: string }[] }
    expect(calls.map(({ provider }) => provider)).toEqual([
      'acme',
      'acme',
      'acme',
      'dialgen',
      'dialgen',
    ])
  })

  test('says which provider cannot be emulated', async () => {
    const mute = folder.path('mute.mjs')
    const url = JSON.stringify(pathToFileURL(ACME).href)
    await writeFile(
      mute,
      `import acme from ${url}\nexport default { ...acme, name: 'mute', tell: null }\n`,
    )
    const { code, stderr } = await runHere(['emulate', '--provider', mute, '--port', '0'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('mute cannot be emulated')])
  })
})

describe('its own lifecycle', () => {
  test('is what next and explain answer from', async () => {
    const next = await runHere(['next', 'in-progress', '--provider', ACME, '--format', 'json'])
    expect(JSON.parse(next.stdout).next.map(({ status }: { status: string }) => status)).toEqual(
      Object.keys(lifecycleOf(acme)['in-progress']?.next ?? {}),
    )
    const text = await runHere(['next', 'ringing', '--provider', ACME])
    expect(text.stdout).toContain('ringing at Acme Calls\n')
    expect(text.stdout).toContain('stated    https://acme.example/docs/calls')

    const args = ['explain', 'in-progress', 'completed', '--provider', ACME]
    const legal = await runHere(args)
    expect(legal).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('in-progress ──▶ completed at Acme Calls\n'),
    })
    expect(JSON.parse((await runHere([...args, '--format', 'json'])).stdout)).toEqual(
      checkTransition('in-progress', 'completed', { provider: acme }),
    )
    expect((await runHere(['explain', 'in-progress', 'completed'])).code).toBe(1)
    expect((await runHere(['explain', 'ringing', 'error', '--provider', ACME])).code).toBe(1)
  })

  test('has no statuses that it never says', async () => {
    const { code, stderr } = await runHere(['next', 'stopped', '--provider', ACME])
    expect(code).toBe(2)
    expect(stderr).toContain('expected a status of Acme Calls, got stopped, which it never says.')
  })

  test('is drawn', async () => {
    const drawn = async (format: string) =>
      (await runHere(['diagram', '--provider', ACME, '--format', format])).stdout
    expect(await drawn('mermaid')).toBe(machineMermaid({ provider: acme }))
    expect(await drawn('dot')).toBe(machineDot({ provider: acme }))
    expect(JSON.parse(await drawn('json'))).toEqual(machineGraph({ provider: acme }))
    expect(await drawn('mermaid')).not.toContain('call-disconnected')
    const several = await runHere(['diagram', '--provider', ACME, '--provider', 'bolna'])
    expect([several.code, several.stderr]).toEqual([2, expect.stringContaining('got several')])
  })
})

test('a file that is no JavaScript is named, in every command', async () => {
  const broken = folder.path('broken.mjs')
  await writeFile(broken, 'export default {\n  name: "acme",\n  read: => 1,\n}\n')
  const commands = [
    ['check', '--provider', broken, '-'],
    ['inspect', '--provider', broken, '-'],
    ['diagram', '--provider', broken],
    ['next', 'ringing', '--provider', broken],
    ['serve', '--provider', broken],
    ['emulate', '--provider', broken],
    ['calls', '--provider', broken],
    ['overdue', '--provider', broken],
    ['show', 'a1', '--provider', broken],
    ['verify', '--provider', broken],
    ['dead-letters', '--provider', broken],
  ]
  for (const args of commands) {
    const failed = await startCli(args).catch((error: Error) => error.message)
    expect(failed).toContain(`the provider "${broken}" cannot be used`)
    expect(failed).toContain('"node --check')
  }
})
