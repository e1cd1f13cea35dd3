import { defineProvider, type Provider } from 'callstate/providers'

/** The made-up provider of the documentation, loaded by its path as a user's own provider is. */
const { default: declaration } = await import(
  new URL('../../../docs/examples/acme.js', import.meta.url).href
)

export const acme: Provider = defineProvider(declaration)

/** What Acme counts its time from in these tests: 26 January 2026, 10:00 UTC. */
export const ACME_AT = 1_769_421_600_000

/** The fields of a form of Acme's that tells one status of a call, a second later for each number. */
export function acmeForm(
  callId: string,
  word: string,
  seq: number,
): Readonly<Record<string, string>> {
  return {
    Kind: 'status',
    CallId: callId,
    Status: word,
    Try: '1',
    At: String(ACME_AT + seq * 1000),
    EventId: `${callId}-${seq}`,
    Seq: String(seq),
  }
}
