import type { Provider } from 'callstate/providers'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'

/** The providers whose logs can be read, in the order in which a line's shape is tried. */
export const KNOWN_PROVIDERS: readonly Provider[] = [bolna, dialgen]

export const PROVIDER_NAMES: readonly string[] = KNOWN_PROVIDERS.map(({ name }) => name)

/** How it was told which provider a line is from. */
export const TOLD_BY = ['shape', 'envelope', 'option'] as const

export type ToldBy = (typeof TOLD_BY)[number]
