import { DEFAULTS } from './defaults.ts'
import { FATES, type Fate, INBOUND_FATES, isFate } from './fate.ts'
import type { Random } from './random.ts'

/** Fixes the fate of calls. A rule with neither `destination` nor `metadata` fits every call. */
export interface FateRule {
  /** The other person's number; a `*` at its end stands for any digits. */
  readonly destination?: string
  /** Fields that the call's metadata must have, each with this very value. */
  readonly metadata?: Readonly<Record<string, string | number | boolean>>
  readonly fate: Fate
}

/** What becomes of calls. */
export interface Scenario {
  /** The first rule that fits decides. */
  readonly rules?: readonly FateRule[]
  /** Otherwise chance decides, by these weights in place of `DEFAULTS.fateWeights`; what is left out weighs 0. */
  readonly weights?: Readonly<Partial<Record<Fate, number>>>
}

/** What the choice of a fate depends on. */
export interface FateQuestion {
  readonly destination: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly direction: 'inbound' | 'outbound'
  /** The fates that the provider has. */
  readonly among: readonly Fate[]
}

/** The fate that the metadata or a rule fixes; null where chance decides. A fate that the call cannot have fixes nothing. Pure. */
export function fixedFate(scenario: Scenario, question: FateQuestion): Fate | null {
  const isPossible = (fate: Fate) => possibleFates(question).includes(fate)
  const asked = question.metadata[DEFAULTS.fateField]
  if (isFate(asked) && isPossible(asked)) return asked
  const rule = scenario.rules?.find((one) => fits(one, question) && isPossible(one.fate))
  return rule?.fate ?? null
}

/** Draws a fate by weight; `answered` where every possible one weighs nothing. */
export function drawnFate(scenario: Scenario, question: FateQuestion, random: Random): Fate {
  const weights = scenario.weights ?? DEFAULTS.fateWeights
  const fates = possibleFates(question).map((fate) => [fate, weights[fate] ?? 0] as const)
  const sum = fates.reduce((total, [, weight]) => total + weight, 0)
  let rest = random.next() * sum
  for (const [fate, weight] of fates) {
    rest -= weight
    if (rest < 0) return fate
  }
  return 'answered'
}

function possibleFates({ among, direction }: FateQuestion): readonly Fate[] {
  const ofDirection: readonly Fate[] = direction === 'inbound' ? INBOUND_FATES : FATES
  return ofDirection.filter((fate) => among.includes(fate))
}

function fits({ destination, metadata = {} }: FateRule, question: FateQuestion): boolean {
  const isNumber =
    destination === undefined ||
    (destination.endsWith('*')
      ? question.destination.startsWith(destination.slice(0, -1))
      : question.destination === destination)
  return (
    isNumber &&
    Object.entries(metadata).every(([field, value]) => question.metadata[field] === value)
  )
}
