import { readFile } from 'node:fs/promises'
import type { Scenario } from '@callstate/emulator'
import { printable } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { findFault } from '../read-log/json-text.ts'

/**
 * Reads a scenario. Throws a `UsageError` where the file cannot be read or is no JSON; what stands in
 * it the emulator checks.
 */
export async function readScenario(path: string): Promise<Scenario> {
  const name = `"${printable(path)}"`
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `the scenario ${name} cannot be read: ${REASONS[error.code ?? ''] ?? error.code}.`,
    )
  })
  const fault = findFault(text)
  if (fault === null) return JSON.parse(text) as Scenario
  const before = text.slice(0, fault.at).split('\n')
  const column = (before.at(-1)?.length ?? 0) + 1
  throw new UsageError(
    `the scenario ${name} is not JSON from line ${before.length}, column ${column} on: expected ${fault.expected}.`,
  )
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
}
