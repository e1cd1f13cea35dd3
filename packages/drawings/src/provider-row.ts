import type { Provider } from 'callstate/providers'

/** The documents that list what can be imported, from the root of the repository. */
export const LISTS_OF_IMPORTS: readonly string[] = ['README.md', 'packages/callstate/README.md']

/** The row of a list of imports that names a subpath for each provider; the list of all has its own. */
const ROW = /^\| `callstate\/providers\/(?!all`).*$/gm

/** The document with its row of providers made anew; throws where it does not have just one. Pure. */
export function withProviderRow(document: string, providers: readonly Provider[]): string {
  const found = document.match(ROW)?.length ?? 0
  if (found !== 1) {
    throw new Error(`expected one row that begins with callstate/providers/, got ${found}`)
  }
  return document.replace(ROW, () => providerRow(providers))
}

function providerRow(providers: readonly Provider[]): string {
  const [first = '', ...others] = providers.map(({ name }) => `/${name}`)
  const paths = [`callstate/providers${first}`, ...others].map((path) => `\`${path}\``)
  return `| ${paths.join(', ')} | payload schemas, events, delivery facts | zod 4 |`
}
