import type { Counts, Rows } from '@callstate/inspector'
import {
  countsIn,
  type Heard,
  openPage,
  rowsIn,
} from '../../inspector/src/serve/inspector.fixture.ts'

/** Watches as the inspector's page at this address does, until what is wanted was told. */
export async function watch(
  address: string,
  isEnough: (rows: Rows['rows'], counts: Counts) => boolean,
  headers: Record<string, string> = {},
) {
  await using page = await openPage(address, { headers })
  await page.until((heard) => {
    const counts = countsIn(heard)
    return counts !== undefined && isEnough(allRowsIn(heard), counts)
  })
  const { heard } = page
  const counts = countsIn(heard)
  const [source] = heard.flatMap(({ name, data }) => (name === 'hello' ? data.source : []))
  if (counts === undefined || source === undefined)
    throw new Error('The stream began without hello.')
  return { rows: allRowsIn(heard), counts, source }
}

function allRowsIn(heard: readonly Heard[]): Rows['rows'] {
  return [...rowsIn(heard).values()]
}
