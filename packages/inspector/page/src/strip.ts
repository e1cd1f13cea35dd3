import { type Call, type CallStatus, isTerminal, timeline } from 'callstate'

/** One status on the strip. */
export interface StripPart {
  readonly status: CallStatus
  readonly occurredAt: number | null
  /** Until the next status of the attempt; null where it is the last or a time is unknown. */
  readonly lastedMs: number | null
  readonly terminal: boolean
  /** Its share of the strip: lengths are pressed together, so that seconds show beside hours. */
  readonly weight: number
}

/** One attempt on the strip. */
export interface StripRow {
  readonly attempt: number
  readonly startedAt: number | null
  readonly lastedMs: number | null
  readonly parts: readonly StripPart[]
}

/** The attempts of a call with how long each status lasted, in the order of `timeline`. Pure. */
export function stripOf(call: Call): readonly StripRow[] {
  const entries = timeline(call)
  const attempts = [...new Set(entries.map(({ attempt }) => attempt))]
  return attempts.map((attempt) => {
    const own = entries.filter((entry) => entry.attempt === attempt)
    const times = own.flatMap(({ occurredAt }) => occurredAt ?? [])
    const startedAt = times.length === 0 ? null : Math.min(...times)
    return {
      attempt,
      startedAt,
      lastedMs: startedAt === null || times.length < 2 ? null : Math.max(...times) - startedAt,
      parts: own.map(({ status, occurredAt }, place) => {
        const lastedMs = between(occurredAt, own[place + 1]?.occurredAt ?? null)
        const terminal = isTerminal(status)
        return { status, occurredAt, lastedMs, terminal, weight: weightOf(terminal ? 0 : lastedMs) }
      }),
    }
  })
}

const SECOND_MS = 1000

/** 0 for an end and for what is unknown, 1 for 1 s, 4 for 16 s, 12 for an hour. */
function weightOf(ms: number | null): number {
  return ms === null ? 0 : Math.log2(1 + ms / SECOND_MS)
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null || to < from ? null : to - from
}
