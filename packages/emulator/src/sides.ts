import { type BolnaOptions, createBolnaSide } from './bolna/bolna-side.ts'
import { createDialgenSide, type DialgenOptions } from './dialgen/dialgen-side.ts'
import type { Engine, ProviderSide, SharedOptions } from './provider-api.ts'

/** The options of each provider side, under its name. */
export interface SideOptions {
  readonly bolna?: BolnaOptions
  readonly dialgen?: DialgenOptions
}

/** The name of a provider side. */
export type SideName = keyof SideOptions

/** Makes one side; it takes its own options from those of all. */
type MakeSide = (engine: Engine, shared: SharedOptions, options: SideOptions) => ProviderSide

/** Every provider side, by its name. What is shared finds the providers here and names none. */
export const SIDES: Readonly<Record<SideName, MakeSide>> = {
  bolna: (engine, shared, { bolna = {} }) => createBolnaSide(engine, shared, bolna),
  dialgen: (engine, shared, { dialgen = {} }) => createDialgenSide(engine, shared, dialgen),
}

/** The names of all sides. */
export const SIDE_NAMES = Object.keys(SIDES) as readonly SideName[]
