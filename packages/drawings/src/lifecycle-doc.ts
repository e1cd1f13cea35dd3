import { CALL_STATUSES, isSoftTerminal, LIFECYCLE, type Move } from 'callstate'

/** The parts of `docs/lifecycle.md` that are made from the table, by the name of their markers. */
export function generatedParts(): Readonly<Record<string, string>> {
  return {
    statuses: statusTable(),
    moves: moveTable(),
  }
}

/** The document with its generated parts made anew; throws where a marker is missing. */
export function withGeneratedParts(document: string): string {
  return Object.entries(generatedParts()).reduce((text, [name, part]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const [start, end] = [text.indexOf(open), text.indexOf(close)]
    if (start < 0 || end < start) throw new Error(`expected ${open} … ${close} in the document`)
    return `${text.slice(0, start)}${open}\n\n${part}\n\n${text.slice(end)}`
  }, document)
}

function statusTable(): string {
  const rows = CALL_STATUSES.map((status) => {
    const { class: ofClass, phase, group } = LIFECYCLE[status]
    const classWord = isSoftTerminal(status) ? `${ofClass} (soft terminal)` : ofClass
    return `| \`${status}\` | ${classWord} | ${phase} | ${group ?? '–'} |`
  })
  return ['| status | class | phase | group |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function moveTable(): string {
  const rows = CALL_STATUSES.flatMap((from) =>
    Object.entries<Move>(LIFECYCLE[from].next).map(([to, { mark, source }]) => {
      const page = source === null ? '' : `[${source.split('/').at(-1)}](${source})`
      return `| \`${from}\` | \`${to}\` | ${mark} | ${page} |`
    }),
  )
  return ['| from | to | mark | source |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
