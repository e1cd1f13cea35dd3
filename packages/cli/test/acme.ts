import { Writable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { defineProvider } from 'callstate/providers'
import { type ServeOptions, type Serving, startServing } from '../src/serve/serve-command.ts'
import { createLog } from '../src/server/log.ts'
import type { Ran } from './memory-terminal.ts'

// A provider that callstate knows nothing of: forms, several events a message, GET, a signature over the
// address and the fields, basic auth for its API.

/** Its file. */
export const ACME = fileURLToPath(new URL('../../../docs/examples/acme.js', import.meta.url))

/** With which it signs. */
export const SECRET = 'a-secret-of-the-test'

const { default: declaration } = await import(pathToFileURL(ACME).href)
export const acme = defineProvider(declaration)

/** A server of its webhooks in this process. */
export interface AcmeServer {
  readonly address: string
  readonly db: string
  readonly log: readonly string[]
  readonly serving: Serving
}

/** Serves its webhooks on a free port, with this database. */
export async function serveAcme(
  options: Partial<ServeOptions> & Pick<ServeOptions, 'db'>,
  env: Record<string, string> = {},
): Promise<AcmeServer> {
  const log: string[] = []
  const sink = (lines: string[]) =>
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
  const all: ServeOptions = {
    provider: [ACME],
    port: 0,
    host: '127.0.0.1',
    allowUnauthenticated: false,
    poll: true,
    log: 'json',
    verbose: false,
    ...options,
  }
  const surroundings = { env, stdout: sink([]) }
  const serving = await startServing(all, surroundings, {
    log: createLog(sink(log), all, Date.now),
  })
  return { address: serving.address, db: all.db, log, serving }
}

interface CallAnswer {
  readonly provider: string
  readonly id: string
  readonly status: string | null
  readonly attempt: number
  readonly settled: boolean
  readonly outcome: string
}

/** The calls of an answer by what every answer says of a call. */
export function standings({ stdout }: Ran): readonly CallAnswer[] {
  const { calls } = JSON.parse(stdout) as { calls: CallAnswer[] }
  return calls
    .map(({ provider, id, status, attempt, settled, outcome }) => {
      return { provider, id, status, attempt, settled, outcome }
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** A form of its as a line of a log. */
export function formLine(body: string): string {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return `${JSON.stringify({ provider: 'acme', headers, body })}\n`
}
