import type { Random, Range } from './random.ts'

/**
 * How likely each mishap is, 0 to 1: for one webhook, and `corrected` for one completed attempt. Each throws
 * its own dice.
 */
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
  /** The cost of a completed attempt is corrected: its end is told once more, later, with another cost. */
  readonly corrected: number
}

const CLEAR: Weather = {
  duplicate: 0,
  delay: 0,
  reorder: 0,
  drop: 0,
  burst: 0,
  finalLost: 0,
  slow: 0,
  corrected: 0,
}

/**
 * Named weather. `rain` is a bad day, `storm` is worse than any that was reported: Bolna's page on the
 * health of deliveries pictures 0.7 % failed in two weeks and 2.5 % on one day.
 *
 * @example
 * await startEmulator({ weather: { ...WEATHERS.rain, finalLost: 1 } })
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
    corrected: 0.02,
  },
  storm: {
    duplicate: 0.25,
    delay: 0.2,
    reorder: 0.15,
    drop: 0.1,
    burst: 0.1,
    finalLost: 0.15,
    slow: 0.1,
    corrected: 0.15,
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

/** How long after its end the cost of an attempt is corrected, in milliseconds. Our reading. */
export const CORRECTION_MS: Range = [20_000, 600_000]

/** How long after its end the cost of a completed attempt is corrected, in milliseconds; null for never. */
export function correctionMs({ corrected }: Weather, random: Random): number | null {
  const isCorrected = random.chance(corrected)
  const lagMs = random.whole(CORRECTION_MS)
  return isCorrected ? lagMs : null
}

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

/** What an effect can depend on; drawn for every webhook, whatever happens to it. */
interface Circumstances {
  readonly isFinal: boolean
  readonly now: number
  readonly delayMs: number
  readonly duplicateMs: number
}

/** A knob whose dice every webhook throws. */
type WebhookKnob = Exclude<keyof Weather, 'corrected'>

/** What each knob does where its dice fall so, in the order in which it is done. */
const EFFECTS = {
  drop: (fall) => lost(fall, 'lost'),
  finalLost: (fall, { isFinal }) => (isFinal ? lost(fall, 'final-lost') : fall),
  reorder: (fall) => moved(fall, 'reordered', 0),
  delay: (fall, { delayMs }) => moved(fall, 'delayed', delayMs),
  burst: (fall, { now }) => moved(fall, 'burst', BURST_EVERY_MS - (now % BURST_EVERY_MS)),
  duplicate: (fall, { duplicateMs }) => ({ ...also(fall, 'duplicated'), duplicateMs }),
  slow: (fall) => also(fall, 'slow'),
} as const satisfies Record<WebhookKnob, (fall: Fall, circumstances: Circumstances) => Fall>

const WEBHOOK_KNOBS = Object.keys(EFFECTS) as readonly WebhookKnob[]

/** Every knob of the weather. */
export const KNOBS = Object.keys(CLEAR) as readonly (keyof Weather)[]

const FAIR: Fall = { mishaps: [], isLost: false, delayMs: 0, duplicateMs: null }

/** Throws the dice for one webhook whose event is at `now`. Of what moves it in time only one happens. */
export function fallOf(weather: Weather, isFinal: boolean, now: number, random: Random): Fall {
  // All dice are thrown every time, so that turning one knob leaves what the others do as it was.
  const hit = WEBHOOK_KNOBS.filter((knob) => random.chance(weather[knob]))
  const circumstances = {
    isFinal,
    now,
    delayMs: random.whole(DELAY_MS),
    duplicateMs: random.whole(DUPLICATE_MS),
  }
  let fall = FAIR
  for (const knob of hit) {
    if (!fall.isLost) fall = EFFECTS[knob](fall, circumstances)
  }
  return fall
}

function lost(fall: Fall, mishap: Mishap): Fall {
  return { ...also(fall, mishap), isLost: true }
}

const MOVES: readonly Mishap[] = ['reordered', 'delayed', 'burst']

function moved(fall: Fall, mishap: Mishap, delayMs: number): Fall {
  const isMoved = fall.mishaps.some((one) => MOVES.includes(one))
  return isMoved ? fall : { ...also(fall, mishap), delayMs }
}

function also(fall: Fall, mishap: Mishap): Fall {
  return { ...fall, mishaps: [...fall.mishaps, mishap] }
}
