import type { Writable } from 'node:stream'
import type { LogFields, Logger } from '@callstate/tracker'
import { printable } from '../command/terminal.ts'

export type LogFormat = 'text' | 'json'

/** Writes log lines, one object or one line of text each. Debug lines only where it is verbose. */
export function createLog(
  stream: Writable,
  { log, verbose }: { readonly log: LogFormat; readonly verbose: boolean },
  now: () => number,
): Logger {
  const line = (level: string) => (fields: LogFields, message: string) => {
    const time = new Date(now()).toISOString()
    const text =
      log === 'json'
        ? JSON.stringify({ time, level, message, ...fields })
        : `${time} ${level.padEnd(5)} ${message}${fieldsText(fields)}`
    stream.write(`${text}\n`)
  }
  const debug = verbose ? line('debug') : () => {}
  return { debug, info: line('info'), warn: line('warn'), error: line('error') }
}

function fieldsText(fields: LogFields): string {
  return Object.entries(fields)
    .map(([name, value]) => ` ${name}=${printable(String(value))}`)
    .join('')
}
