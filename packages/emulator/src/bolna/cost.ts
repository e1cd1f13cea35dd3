import type { EmulatedCall } from '../call.ts'
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
  const total = rounded(Object.values(breakdown).reduce((sum, part) => sum + part, 0))
  return { total, breakdown }
}

function rounded(cents: number): number {
  return Math.round(cents * 100) / 100
}
