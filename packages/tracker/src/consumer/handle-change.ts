import { DEFAULTS } from '../defaults.ts'
import type { FiredEntry } from './changes-of.ts'
import type { ConsumedChange } from './consumed-change.ts'
import type { ConsumerRun } from './consumer-run.ts'
import { failureText } from './failure-text.ts'

const DIED = 'The process ended, or lost its claim, each time while this was handled.'

/** What became of one try. */
export type Handled =
  | { readonly kind: 'done' }
  /** The filters left it out. */
  | { readonly kind: 'left-out' }
  | { readonly kind: 'failed'; readonly error: string }
  /** It was told to end before it was done; this is no failure. */
  | { readonly kind: 'aborted' }

/**
 * Gives everything that fires in an entry to the handler, one after the other and each once; what is
 * deadly fails without. Resolves when the handler has returned, or has not although it was told to: then
 * it may still run. Never rejects.
 */
export async function handleEntry(
  run: ConsumerRun,
  entry: FiredEntry,
  lost?: AbortSignal,
  isDeadly = false,
): Promise<Handled> {
  let changes: readonly ConsumedChange[]
  try {
    changes = entry.changes()
  } catch (error) {
    return { kind: 'failed', error: failureText(error) }
  }
  if (changes.length === 0) return { kind: 'left-out' }
  if (isDeadly) return { kind: 'failed', error: DIED }
  for (const change of changes) {
    const handled = await handleChange(run, change, lost)
    if (handled.kind !== 'done') return handled
    if (change !== changes.at(-1) && (lost?.aborted || run.aborting.aborted)) return ABORTED
  }
  return { kind: 'done' }
}

const ABORTED: Handled = { kind: 'aborted' }

async function handleChange(
  { settings, handler, aborting }: ConsumerRun,
  change: ConsumedChange,
  lost: AbortSignal | undefined,
): Promise<Handled> {
  const control = new AbortController()
  const { signal } = control
  const abort = () => control.abort()
  const outer = lost === undefined ? [aborting] : [aborting, lost]
  for (const one of outer) {
    if (one.aborted) abort()
    one.addEventListener('abort', abort)
  }

  const over = new AbortController()
  let tookTooLong = false
  void settings.sleep(settings.handlerTimeoutMs, over.signal).then(() => {
    if (over.signal.aborted) return
    tookTooLong = true
    abort()
  })
  const graceIsOver = async (): Promise<Handled> => {
    await isAborted(signal)
    await settings.sleep(DEFAULTS.consumer.abortGraceMs, over.signal)
    return ABORTED
  }
  const result = await Promise.race([outcome(() => handler(change, { signal })), graceIsOver()])
  over.abort()
  for (const one of outer) one.removeEventListener('abort', abort)

  if (result.kind === 'done') return result
  if (outer.some(({ aborted }) => aborted)) return ABORTED
  if (!tookTooLong) return result
  const error = `The handler took longer than ${settings.handlerTimeoutMs} ms and was aborted.`
  return { kind: 'failed', error }
}

async function outcome(handle: () => void | Promise<void>): Promise<Handled> {
  try {
    await handle()
    return { kind: 'done' }
  } catch (error) {
    return { kind: 'failed', error: failureText(error) }
  }
}

function isAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
