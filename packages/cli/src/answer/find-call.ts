import { type Call, replay } from 'callstate'
import type { Provider, ProviderEvent } from 'callstate/providers'
import { printable, type Terminal } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import type { ChosenProviders } from '../providers/choose-providers.ts'
import { MAX_LINE_BYTES } from '../read-log/line-blocks.ts'
import { logFiles } from '../read-log/log-file.ts'
import { defaultWorkers, readLog } from '../read-log/read-log.ts'

/** One call of a log, and whose it is. */
export interface FoundCall {
  readonly call: Call
  readonly provider: Provider | undefined
}

/**
 * One call of a log, of the provider that first has one of this identifier. Throws a `UsageError` where
 * the log has none.
 */
export async function findCall(
  id: string,
  paths: readonly string[],
  providers: ChosenProviders,
  terminal: Terminal,
): Promise<FoundCall> {
  const events: ProviderEvent[] = []
  const { unreadable } = await readLog(
    logFiles(paths, terminal),
    { providers, maxLineBytes: MAX_LINE_BYTES, workers: defaultWorkers() },
    { stdin: terminal.stdin },
    (_file, _linesBefore, { told }) => {
      for (const line of told) events.push(...line.events.filter(({ callId }) => callId === id))
    },
  )
  const [first] = events
  if (first === undefined) {
    const failed = unreadable
      .map(({ file, message }) => ` ${printable(file)}: ${message}.`)
      .join('')
    throw new UsageError(
      `expected the identifier of a call in the log, got one that it does not hold.${failed} Every call is listed by "callstate check --format ndjson".`,
    )
  }
  const provider = providers.known.find(({ name }) => name === first.provider)
  const ofProvider = events.filter((event) => event.provider === first.provider)
  return { call: replay(ofProvider, { provider }).call, provider }
}
