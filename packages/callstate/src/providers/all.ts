import { bolna } from './bolna/bolna.ts'
import { dialgen } from './dialgen/dialgen.ts'
import type { Provider } from './provider.ts'

/**
 * Every provider that callstate knows, in the order in which the shape of a message is tried. A further
 * one is a folder beside this file and a line here; command line, tracker, emulator, inspector, checks
 * and the tables in the documentation follow from it.
 */
export const PROVIDERS: readonly Provider[] = [bolna, dialgen]
