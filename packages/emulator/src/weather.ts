import type { Random, Range } from './random.ts'

/** How likely each mishap is for one webhook, 0 to 1. Every webhook throws its own dice. */
export interface Weather {
  /** It is delivered twice. */
  readonly duplicate: number
  /** It comes seconds to minutes late. */
  readonly delay: number
  /** It changes places with the next webhook of its call. */
  readonly reorder: number
  /** No try of it ever arrives, and the sender does not know. */
  readonly drop: number
  /** It is held back and arrives at one instant with all others that are held back. */
  readonly burst: number
  /** As `drop`, for the last word on a call alone. */
  readonly finalLost: number
  /** It arrives, but its answer comes too late for the sender, who tries again. */
  readonly slow: number
}

const CLEAR: Weather = {
  duplicate: 0,
  delay: 0,
  reorder: 0,
  drop: 0,
  burst: 0,
  finalLost: 0,
  slow: 0,
}

/**
 * Named weather. `rain` is a bad day, `storm` is worse than any that was reported: Bolna's page on the
 * health of deliveries pictures 0.7 % failed in two weeks and 2.5 % on one day.
 */
export const WEATHERS = {
  clear: CLEAR,
  rain: {
    duplicate: 0.05,
    delay: 0.05,
    reorder: 0.03,
    drop: 0.01,
    burst: 0.02,
    finalLost: 0.02,
    slow: 0.03,
  },
  storm: {
    duplicate: 0.25,
    delay: 0.2,
    reorder: 0.15,
    drop: 0.1,
    burst: 0.1,
    finalLost: 0.15,
    slow: 0.1,
  },
} as const satisfies Record<string, Weather>

/** The name of a weather. */
export type WeatherName = keyof typeof WEATHERS

/** The weather of this name, or clear with these knobs turned. Pure. */
export function weatherOf(weather: WeatherName | Readonly<Partial<Weather>>): Weather {
  return typeof weather === 'string' ? WEATHERS[weather] : { ...CLEAR, ...weather }
}

/** How late a `delay` makes a webhook, in milliseconds. */
export const DELAY_MS: Range = [5_000, 300_000]
/** How long after the first the second of a `duplicate` comes, in milliseconds. */
export const DUPLICATE_MS: Range = [0, 10_000]
/** Bursts are let go at every multiple of this time, in milliseconds. */
export const BURST_EVERY_MS = 60_000
/** A `reorder` waits so long for the call's next webhook, in milliseconds, and then goes alone. */
export const REORDER_WAIT_MS = 60_000

/** What the weather does to one webhook. */
export type Mishap =
  | 'lost'
  | 'final-lost'
  | 'duplicated'
  | 'reordered'
  | 'delayed'
  | 'burst'
  | 'slow'

/** What happens to one webhook. */
export interface Fall {
  readonly mishaps: readonly Mishap[]
  readonly isLost: boolean
  /** How much later than its event it is sent, in milliseconds. */
  readonly delayMs: number
  /** How long after it the second one goes, in milliseconds; null for none. */
  readonly duplicateMs: number | null
}

/** Throws the dice for one webhook whose event is at `now`. Of what moves it in time only one happens. */
export function fallOf(weather: Weather, isFinal: boolean, now: number, random: Random): Fall {
  // All dice are thrown every time, so that turning one knob leaves what the others do as it was.
  const isDropped = random.chance(weather.drop)
  const isFinalLost = random.chance(weather.finalLost) && isFinal
  const isDuplicated = random.chance(weather.duplicate)
  const isReordered = random.chance(weather.reorder)
  const isDelayed = random.chance(weather.delay)
  const isBurst = random.chance(weather.burst)
  const isSlow = random.chance(weather.slow)
  const delayMs = random.whole(DELAY_MS)
  const duplicateMs = random.whole(DUPLICATE_MS)

  if (isDropped || isFinalLost) {
    const mishaps = [isDropped ? 'lost' : 'final-lost'] as const
    return { mishaps, isLost: true, delayMs: 0, duplicateMs: null }
  }
  const mishaps: Mishap[] = []
  const shift = isReordered ? 'reordered' : isDelayed ? 'delayed' : isBurst ? 'burst' : null
  if (shift !== null) mishaps.push(shift)
  if (isDuplicated) mishaps.push('duplicated')
  if (isSlow) mishaps.push('slow')
  return {
    mishaps,
    isLost: false,
    delayMs:
      shift === 'delayed'
        ? delayMs
        : shift === 'burst'
          ? BURST_EVERY_MS - (now % BURST_EVERY_MS)
          : 0,
    duplicateMs: isDuplicated ? duplicateMs : null,
  }
}
