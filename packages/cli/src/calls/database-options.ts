import type { Command } from 'commander'

/** Where calls are kept, as it was typed. */
export interface DatabaseOptions {
  /** Path of the SQLite file. */
  readonly db: string
  /** Address of a PostgreSQL database, which goes before `db`. */
  readonly postgres?: string
}

const DATABASE = 'callstate.db'

/** The options `--db` and `--postgres` of a command. */
export function databaseOptions(command: Command): Command {
  return command
    .option('--db <file>', 'the SQLite file', DATABASE)
    .option('--postgres <url>', 'a PostgreSQL database instead; its password may be in PGPASSWORD')
}
