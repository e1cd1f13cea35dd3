import { type BolnaOptions, createBolnaSide } from './bolna/bolna-side.ts'
import { createDialgenSide, type DialgenOptions } from './dialgen/dialgen-side.ts'
import { createGenericSide } from './generic/generic-side.ts'
import type { Engine, ProviderSide, SharedOptions } from './provider-api.ts'

/** What one provider alone can be told, under its name. */
export interface SideOptions {
  readonly bolna?: BolnaOptions
  readonly dialgen?: DialgenOptions
}

/** Makes one side; it takes its own options from those of all. */
type MakeSide = (engine: Engine, shared: SharedOptions, options: SideOptions) => ProviderSide

/**
 * The sides that have a folder here, by the name of their provider. Every other provider has the side
 * that is made of its declaration. What is shared finds the sides here and names no provider.
 */
const SIDES: Readonly<Record<keyof SideOptions, MakeSide>> = {
  bolna: (engine, shared, { bolna = {} }) => createBolnaSide(engine, shared, bolna),
  dialgen: (engine, shared, { dialgen = {} }) => createDialgenSide(engine, shared, dialgen),
}

/** The names of the providers that have a folder here. */
export const SIDE_NAMES = Object.keys(SIDES) as readonly (keyof SideOptions)[]

/** Whether a provider has a folder here. */
export function hasSide(name: string): name is keyof SideOptions {
  return Object.hasOwn(SIDES, name)
}

/** The side of a provider. Throws `invalid-option` where an option of its own is none. */
export function createSide(
  engine: Engine,
  shared: SharedOptions,
  options: SideOptions,
): ProviderSide {
  const { name } = shared.provider
  return hasSide(name) ? SIDES[name](engine, shared, options) : createGenericSide(engine, shared)
}
