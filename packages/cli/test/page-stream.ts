import type { Counts, Hello, Rows, Update } from '@callstate/inspector'

/** Watches as the inspector's page at this address does, until what is wanted was told. */
export async function watch(
  address: string,
  isEnough: (rows: Rows['rows'], counts: Counts) => boolean,
  headers: Record<string, string> = {},
) {
  const closing = new AbortController()
  const response = await fetch(`${address}api/stream`, { headers, signal: closing.signal })
  const rows = new Map<string, Rows['rows'][number]>()
  let source: Hello['source'] = { kind: 'tracker', name: '' }
  let text = ''
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end < 0) break
      const [, name, data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? []
      text = text.slice(end + 2)
      if (name === 'hello') source = (JSON.parse(data) as Hello).source
      if (name !== 'rows' && name !== 'update') continue
      const told = JSON.parse(data) as Rows & Partial<Update>
      for (const row of told.rows) rows.set(row.key, row)
      if (told.counts === undefined || !isEnough([...rows.values()], told.counts)) continue
      closing.abort()
      return { rows: [...rows.values()], counts: told.counts, source }
    }
  }
  throw new Error('The stream ended.')
}
