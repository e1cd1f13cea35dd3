import type { Provider } from 'callstate/providers'
import { PROVIDERS } from 'callstate/providers/all'
import { bundle } from './bundle.ts'

/** A provider in a bundle that does not import it. */
export interface Stranger {
  /** What was bundled. */
  readonly bundled: string
  readonly stranger: string
  /** What gives it away. */
  readonly text: string
}

const SHARED = 'callstate/providers'

/**
 * The providers that get into a bundle uninvited: into one of what all share, and into one of that and of
 * another provider. A provider is told by the texts of its own data, such as its addresses.
 */
export async function strangersInBundles(): Promise<Stranger[]> {
  const shared = await textOf([SHARED])
  const bundles = await Promise.all(
    PROVIDERS.map(async (provider) => ({
      provider,
      text: await textOf([SHARED, entryOf(provider)]),
    })),
  )
  // The table of moves names the pages that it is read from.
  const root = await textOf(['callstate'])
  const marks = bundles.map(({ provider, text }) => {
    const texts = textsOf(provider).filter((one) => text.includes(one) && !root.includes(one))
    const others = PROVIDERS.filter((other) => other !== provider).flatMap(textsOf)
    const own = texts.filter((one) => !others.includes(one))
    if (own.length === 0) throw new Error(`No text tells ${provider.name} in a bundle.`)
    return { provider, own }
  })
  return marks.flatMap(({ provider, own }) => {
    const strange = [
      { name: SHARED, text: shared },
      ...bundles
        .filter((one) => one.provider !== provider)
        .map((one) => ({ name: `${SHARED} and ${entryOf(one.provider)}`, text: one.text })),
    ]
    return strange.flatMap(({ name, text }) => {
      const found = own.find((mark) => text.includes(mark))
      return found === undefined ? [] : [{ bundled: name, stranger: provider.name, text: found }]
    })
  })
}

function entryOf({ name }: Provider): string {
  return `${SHARED}/${name}`
}

async function textOf(specifiers: readonly string[]): Promise<string> {
  const code = specifiers.map((specifier) => `export * from '${specifier}'`).join('\n')
  return Buffer.from(await bundle(code, { platform: 'node' })).toString()
}

/** An address or a sentence, which stands nowhere by chance, and is written in a script as it is. */
const TELLING = /^(https:\/\/|\w+ )[\w .,:;/?=&()+-]{8,}$/

/** Every telling text in a provider's data. */
function textsOf(provider: Provider): string[] {
  const found = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && TELLING.test(value)) found.add(value)
    if (typeof value !== 'object' || value === null) return
    for (const inner of Object.values(value)) visit(inner)
  }
  visit(provider)
  return [...found]
}
