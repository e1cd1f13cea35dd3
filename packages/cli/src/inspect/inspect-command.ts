import {
  type CallSource,
  type Inspector,
  isInspectorError,
  logSource,
  startInspector,
} from '@callstate/inspector'
import { INSPECTOR_LIMITS } from '@callstate/inspector/internal'
import { actorsSource } from '@callstate/inspector/xstate'
import { untilStopSignal } from '../command/stop-signal.ts'
import { counted, printable, type Terminal, write } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { tokenOf } from '../server/access.ts'
import { type LoggedCalls, readLoggedCalls } from './logged-calls.ts'

/** The options of `callstate inspect`. */
export interface InspectOptions {
  readonly port: number
  readonly host: string
  /** Whose webhooks the log holds: names, paths or `auto`; none is as good as `auto`. */
  readonly provider: readonly string[]
}

/** How an inspection can be ended beside by a signal. */
export interface InspectControl {
  /** Resolves when it is to stop; a signal of the system by default. */
  readonly untilStop?: () => Promise<unknown>
}

/** Invalid lines that are named; `callstate check` names all. */
const MAX_NAMED_LINES = 5

/** Runs `callstate inspect` until a signal stops it, and gives its exit code. */
export async function runInspect(
  paths: readonly string[],
  options: InspectOptions,
  terminal: Terminal,
  { untilStop = untilStopSignal }: InspectControl = {},
): Promise<number> {
  const { host, port } = options
  const token = tokenOf(host, terminal.env, 'the page')
  const source = paths.length === 0 ? actorsSource() : await sourceOfLog(paths, options, terminal)
  await using inspector = await listen(source, { host, port, token })
  await write(terminal.stderr, introduction(inspector, paths.length === 0, token !== null))
  await write(terminal.stdout, `${inspector.url}\n`)
  await untilStop()
  return 0
}

async function sourceOfLog(
  paths: readonly string[],
  { provider }: InspectOptions,
  terminal: Terminal,
): Promise<CallSource> {
  const read = await readLoggedCalls(paths, provider, terminal)
  await write(terminal.stderr, await troubleText(read))
  const { length } = read.calls
  if (length === 0) {
    throw new UsageError(
      'expected a log of webhooks, one JSON body or envelope a line; found no call in it. "callstate check" says more of each line.',
    )
  }
  if (length > INSPECTOR_LIMITS.calls) {
    await write(
      terminal.stderr,
      `callstate: the page shows ${INSPECTOR_LIMITS.calls} of ${length} calls, those that came last; "callstate check" reads all\n`,
    )
  }
  const [first] = read.files
  const name = first?.shownAs ?? ''
  const others = read.files.length - 1
  return logSource({
    name: others === 0 ? name : `${name} and ${counted(others, 'other file')}`,
    calls: read.calls,
    providers: read.providers.known,
  })
}

/** What of the log could not be read. Throws a `UsageError` where nothing of it could. */
async function troubleText({ calls, notes, invalid }: LoggedCalls): Promise<string> {
  const { unreadable, warnings } = notes
  const lines = [...warnings, ...unreadable].map(
    ({ file, message }) => `callstate: ${printable(file)}: ${message}\n`,
  )
  if (calls.length === 0 && unreadable.length > 0) {
    invalid.close()
    const [first] = unreadable
    throw new UsageError(`${printable(first?.file ?? '')}: ${first?.message}.`)
  }
  let named = 0
  for (const { file, line, message } of invalid.entries()) {
    if (named++ === MAX_NAMED_LINES) break
    lines.push(`${printable(file)}:${line}: ${message}\n`)
  }
  if (invalid.count > MAX_NAMED_LINES) {
    lines.push(
      `… and ${counted(invalid.count - MAX_NAMED_LINES, 'more invalid line')}: see "callstate check"\n`,
    )
  }
  invalid.close()
  return lines.join('')
}

async function listen(
  source: CallSource,
  at: { readonly host: string; readonly port: number; readonly token: string | null },
): Promise<Inspector> {
  try {
    return await startInspector({ source, ...at })
  } catch (error) {
    if (isInspectorError(error))
      throw new UsageError(`${sentence(error.message)} See --port and --host.`)
    throw error
  }
}

function introduction({ attachUrl }: Inspector, isForActors: boolean, hasToken: boolean): string {
  const opening = hasToken
    ? 'Open the address with "?token=" and the token of CALLSTATE_API_TOKEN. Ctrl+C ends it.\n'
    : 'Open the address in a browser. Ctrl+C ends it.\n'
  if (!isForActors) return opening
  return `${opening}
It waits for XState actors. Attach yours with @statelyai/inspect:

  import { redactInspection } from '@callstate/inspector/redact'
  import { createWebSocketInspector } from '@statelyai/inspect'

  const { inspect } = createWebSocketInspector({ url: '${attachUrl}', serialize: redactInspection })
  createActor(machine, { inspect }).start()
`
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}
