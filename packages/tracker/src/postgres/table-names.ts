import { TrackerError } from '../error.ts'

/** The names of everything the store keeps in the database, quoted where a schema was given. */
export interface TableNames {
  /** The schema as text, quoted; null where the search path decides. */
  readonly schema: string | null
  readonly migrations: string
  readonly calls: string
  readonly entries: string
  readonly consumers: string
  readonly cursors: string
  readonly deadLetters: string
  /** Facts about the database: its own name, and the system that it was in last. */
  readonly meta: string
  readonly unknownWords: string
  readonly labels: string
  readonly links: string
  readonly tombstones: string
  /** A function writes a batch, so that its plan is kept by the session. The number is its version. */
  readonly append: string
  readonly load: string
  readonly changes: string
  readonly register: string
  readonly fill: string
  /** The functions of release 0.1. */
  readonly old: readonly string[]
}

/** PostgreSQL cuts longer names, and two schemas could become one. */
const NAME_BYTES = 63

/** The names in this schema. Throws `invalid-option` where it cannot name one. Pure. */
export function tableNames(schema: string | undefined): TableNames {
  if (schema !== undefined) assertSchema(schema)
  const quoted = schema === undefined ? null : `"${schema.replaceAll('"', '""')}"`
  const name = (plain: string) => (quoted === null ? plain : `${quoted}.${plain}`)
  return {
    schema: quoted,
    migrations: name('callstate_migrations'),
    calls: name('callstate_calls'),
    entries: name('callstate_entries'),
    consumers: name('callstate_consumers'),
    cursors: name('callstate_cursors'),
    deadLetters: name('callstate_dead_letters'),
    meta: name('callstate_meta'),
    unknownWords: name('callstate_unknown_words'),
    labels: name('callstate_labels'),
    links: name('callstate_links'),
    tombstones: name('callstate_tombstones'),
    append: name('callstate_append_2'),
    load: name('callstate_load_2'),
    changes: name('callstate_changes_2'),
    register: name('callstate_register_2'),
    fill: name('callstate_fill_2'),
    old: ['append', 'load', 'register'].map((one) => name(`callstate_${one}_1`)),
  }
}

/** A text as SQL writes it, whatever it holds but U+0000. Pure. */
export function literal(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

function assertSchema(schema: string): void {
  const bytes = new TextEncoder().encode(schema).length
  if (bytes >= 1 && bytes <= NAME_BYTES && !schema.includes('\0')) return
  const message = `The option "schema" must be a name of 1 to ${NAME_BYTES} bytes; it has ${bytes}.`
  throw new TrackerError('invalid-option', message)
}
