import { TrackerError } from './error.ts'

/**
 * Refuses a consumer that is new to a store with calls and does not say where it begins: whoever changes
 * a name by mistake would bill everything again, or lose what came meanwhile.
 */
export function refuseUnsaidBegin(name: string): never {
  throw new TrackerError(
    'invalid-option',
    `The consumer "${name}" is new to this store, which has calls already: expected where it begins, got nothing. Write "from: 'start'" for every change there is, "from: 'now'" for those from now on, or "from: new Date(…)" for those that came since then; where the consumer is an old one, mend its name.`,
  )
}
