import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UsageError } from '../command/usage-error.ts'
import { chooseProvider, chooseProviders, isProviderPath } from './choose-providers.ts'

const ACME = fileURLToPath(new URL('../../../../docs/examples/acme.js', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-providers-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

let files = 0

/** The path of a file with this text; a new one each time, as Node loads each only once. */
async function file(text: string, ending = 'mjs'): Promise<string> {
  const path = join(folder, `provider-${files++}.${ending}`)
  await writeFile(path, text)
  return path
}

const declaration = (name: string) => `{
  name: '${name}',
  statuses: { done: { status: 'completed' } },
  recognizes: () => false,
  read: () => ({ ok: false, issues: [] }),
}`

const chosen = async (...words: string[]) => {
  const { known, named } = await chooseProviders(words)
  const namesOf = (providers: typeof known) => providers.map(({ name }) => name)
  return { known: namesOf(known), named: namesOf(named) }
}

/** What is said where providers cannot be had. */
async function refusal(...words: string[]): Promise<string> {
  const error: unknown = await chooseProviders(words).catch((thrown: unknown) => thrown)
  if (error instanceof UsageError) return error.message
  throw new Error('expected a UsageError')
}

describe('which providers are meant', () => {
  const own = [bolna.name, dialgen.name]

  test('is all of them where none is named', async () => {
    expect(await chosen()).toEqual({ known: own, named: own })
    expect(await chosen('auto')).toEqual({ known: own, named: own })
  })

  test('is those that are named, in their order and once each', async () => {
    expect(await chosen('dialgen', 'bolna', 'dialgen')).toEqual({
      known: own,
      named: ['dialgen', 'bolna'],
    })
    expect(await chosen('bolna', ACME)).toEqual({
      known: ['acme', ...own],
      named: ['bolna', 'acme'],
    })
  })

  test('is the files first, and then all, where auto stands beside them', async () => {
    const all = ['acme', ...own]
    expect(await chosen('auto', ACME)).toEqual({ known: all, named: all })
  })

  test('is the same file by whatever path', async () => {
    const words = [ACME, `./${relative(process.cwd(), ACME)}`, pathToFileURL(ACME).href]
    for (const word of words) expect((await chosen(word)).named).toEqual(['acme'])
    expect((await chosen(...words)).named).toEqual(['acme'])
  })

  test('is told of one from a name', async () => {
    expect((await chooseProvider(undefined)).provider).toBeNull()
    expect((await chooseProvider('bolna')).provider).toBe(bolna)
    const { provider, known } = await chooseProvider(ACME)
    expect([provider?.title, known.length]).toEqual(['Acme Calls', own.length + 1])
  })

  test.each(['./acme.js', 'acme.js', '/srv/acme.mjs', 'file:///srv/acme.js', 'C:\\acme.js', '..'])(
    '%s is a path',
    (word) => expect(isProviderPath(word)).toBe(true),
  )

  test.each(['acme', 'acme-2', 'auto', ''])('"%s" is none', (word) =>
    expect(isProviderPath(word)).toBe(false),
  )
})

describe('a file declares a provider', () => {
  test('by its default export, which need not import anything', async () => {
    expect((await chosen(await file(`export default ${declaration('own')}`))).named).toEqual([
      'own',
    ])
  })

  test('as CommonJS too, and in TypeScript where Node reads it', async () => {
    const cjs = await file(`module.exports = ${declaration('old')}`, 'cjs')
    const ts = await file(
      `const name: string = 'typed'\nexport default ${declaration('typed')}`,
      'ts',
    )
    expect((await chosen(cjs, ts)).named).toEqual(['old', 'typed'])
  })

  test('and may have made it with defineProvider', async () => {
    const { default: acme }: { default: unknown } = await import(pathToFileURL(ACME).href)
    expect(acme).not.toHaveProperty('delivery.retryDelaysMs.3')
    const url = JSON.stringify(pathToFileURL(ACME).href)
    const again = await file(`import acme from ${url}\nexport default { ...acme, name: 'again' }`)
    expect((await chosen(ACME, again)).named).toEqual(['acme', 'again'])
  })
})

describe('a file that cannot be used is named, with what is wrong', () => {
  test.each([
    ['is not there', 'nowhere.mjs', 'it cannot be loaded: there is no such file.'],
    ['is a folder', '.', 'it cannot be loaded: it is no file.'],
  ])('it %s', async (_, name, expected) => {
    const path = `${folder}/${name}`
    expect(await refusal(path)).toBe(`the provider "${path}" cannot be used: ${expected}`)
  })

  test.each([
    ['has no default export', 'export const acme = {}', 'it has no default export; write'],
    ['throws while it loads', 'throw new Error("no key")', 'it cannot be loaded: no key.'],
    ['throws anything', 'throw null', 'it cannot be loaded: it threw something that is no error.'],
    ['lacks what it imports', 'import "./missing.mjs"', 'Cannot find module'],
    ['exports no object', 'export default 7', 'cannot be defined'],
    ['has no name', 'export default { statuses: {} }', 'name'],
    [
      'leads to no status',
      `export default { ...${declaration('own')}, statuses: { done: { status: 'finished' } } }`,
      '"finished"',
    ],
    ['has no read', `export default { ...${declaration('own')}, read: 7 }`, 'read'],
    [
      'has traps in it',
      `export default { ...${declaration('own')}, get origin() { throw new Error('trap') } }`,
      'cannot be read',
    ],
  ])('it %s', async (_, text, expected) => {
    const path = await file(text)
    const message = await refusal(path)
    expect(message).toMatch(new RegExp(`^the provider "${path}" cannot be used: `))
    expect(message).toContain(expected)
    expect(message.split('\n')).toHaveLength(1)
  })

  test('it has a name that is taken', async () => {
    const path = await file(`export default ${declaration('bolna')}`)
    expect(await refusal(path)).toBe(
      `the provider "${path}" is called "bolna", as is one of callstate's own. Give it another name.`,
    )
    const [first, second] = [
      await file(`export default ${declaration('twin')}`),
      await file(`export default ${declaration('twin')}`),
    ]
    expect(await refusal(first, second)).toContain(`is called "twin", as is "${first}"`)
  })

  test('it says nothing that a terminal would obey', async () => {
    const path = await file('throw new Error("\\u001b[2J")')
    expect(await refusal(path)).not.toContain('\u001b')
  })
})
