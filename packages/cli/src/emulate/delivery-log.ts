import { writeFileSync } from 'node:fs'
import type { DeliveryListener } from '@callstate/emulator'
import { isTrackerError } from '@callstate/tracker'
import { fileSink } from '@callstate/tracker/recorder'
import { writeEnvelope } from 'callstate/internal'
import { printable } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'

/** A log of the webhooks that were sent, one envelope a line. */
export interface DeliveryLog {
  readonly write: DeliveryListener
  close(): void
}

/** Begins a log anew, for its owner alone. Throws a `UsageError` where the file cannot be written. */
export function createDeliveryLog(path: string): DeliveryLog {
  const sink = opened(path)
  return {
    write: ({ provider, delivery }) =>
      sink.write(JSON.stringify(writeEnvelope(delivery, { provider }))),
    close: () => sink.close(),
  }
}

function opened(path: string): ReturnType<typeof fileSink> {
  try {
    writeFileSync(path, '', { mode: 0o600 })
    return fileSink(path, { maxBytes: Number.MAX_SAFE_INTEGER })
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code')
    if (!isTrackerError(error) && typeof code !== 'string') throw error
    throw new UsageError(`the file "${printable(path)}" of --out cannot be written (${code}).`)
  }
}
