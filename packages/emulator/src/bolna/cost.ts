import type { Amount } from 'callstate/providers'
import type { EmulatedCall } from '../call.ts'
import type { Random, Range } from '../random.ts'
import { stageOf, talkSeconds } from '../stage.ts'

/** Costs in cents. */
export interface Cost {
  readonly total: number
  readonly breakdown: {
    readonly llm: number
    readonly network: number
    readonly platform: number
    readonly synthesizer: number
    readonly transcriber: number
  }
}

/** Cents for a minute of conversation. Our reading; real prices depend on voice, model and carrier. */
const CENTS_A_MINUTE = {
  llm: 1.2,
  network: 1.5,
  platform: 2,
  synthesizer: 2.1,
  transcriber: 0.9,
} as const

/**
 * What an execution has cost so far. Nothing until the line is down; then without network and platform
 * (observed at `call-disconnected`); final at `completed`. Pure.
 */
export function costOf(call: EmulatedCall): Cost {
  const minutes = talkSeconds(call) / 60
  const { isFinal } = stageOf(call)
  const cents = (part: keyof typeof CENTS_A_MINUTE) => rounded(CENTS_A_MINUTE[part] * minutes)
  const breakdown = {
    llm: cents('llm'),
    network: isFinal ? cents('network') : 0,
    platform: isFinal ? cents('platform') : 0,
    synthesizer: cents('synthesizer'),
    transcriber: cents('transcriber'),
  }
  return { total: sumOf(breakdown), breakdown }
}

/** By how many hundredths of a cent a cost is corrected. Our reading. */
const CORRECTION: Range = [1, 50]

/** A cost whose share of the network was wrong. That costs are corrected is our reading. Pure but for its dice. */
export function correctedCost({ breakdown }: Cost, random: Random): Cost {
  const cents = random.whole(CORRECTION) / 100
  const isLess = random.chance(0.5) && breakdown.network >= cents
  const network = rounded(breakdown.network + (isLess ? -cents : cents))
  const parts = { ...breakdown, network }
  return { total: sumOf(parts), breakdown: parts }
}

/** A cost as the truth has it. Pure. */
export function amountOf({ total }: Cost): Amount {
  return { amount: total, currency: null, unit: 'cent' }
}

function sumOf(breakdown: Cost['breakdown']): number {
  return rounded(Object.values(breakdown).reduce((sum, part) => sum + part, 0))
}

function rounded(cents: number): number {
  return Math.round(cents * 100) / 100
}
