import { type ReadonlySignal, signal } from '@preact/signals'
import type { CallDetail } from '../../src/wire.ts'
import { fetchCall } from './api.ts'
import { type Step, stepsOf } from './time-travel.ts'

/** The call that is open, as far as it has come. */
export interface OpenCall {
  readonly key: string
  readonly detail: CallDetail | null
  readonly steps: readonly Step[]
  /** Why it could not be had. */
  readonly failure: string | null
}

/** Keeps one call open and up to date. */
export interface CallOpener {
  readonly openCall: ReadonlySignal<OpenCall | null>
  /** Opens another call; null for none. */
  open(key: string | null): void
  /** Fetches the open call again, since something was heard of it. */
  refresh(): void
}

/** The open call is fetched again at most this often, however fast its events come. */
const REFRESH_MS = 400

export function createCallOpener(): CallOpener {
  const openCall = signal<OpenCall | null>(null)
  let wanted: string | null = null
  let running: AbortController | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOutdated = false
  let fetchedAt = Number.NEGATIVE_INFINITY

  const load = async () => {
    timer = undefined
    isOutdated = false
    running?.abort()
    running = null
    if (wanted === null) return
    const key = wanted
    const request = new AbortController()
    running = request
    fetchedAt = performance.now()
    const answer = await fetchCall(key, request.signal)
    if (request.signal.aborted) return
    running = null
    if (answer.ok) {
      const { events, before } = answer.value
      const steps = stepsOf(events, before)
      openCall.value = { key, detail: answer.value, steps, failure: null }
    } else if (openCall.value?.detail === null) {
      openCall.value = { key, detail: null, steps: [], failure: answer.message }
    }
    if (isOutdated) refresh()
  }

  const refresh = () => {
    if (wanted === null || timer !== undefined) return
    if (running !== null) {
      isOutdated = true
      return
    }
    const waitMs = Math.max(0, fetchedAt + REFRESH_MS - performance.now())
    timer = setTimeout(() => void load(), waitMs)
  }

  return {
    openCall,
    open(key) {
      clearTimeout(timer)
      wanted = key
      openCall.value = key === null ? null : { key, detail: null, steps: [], failure: null }
      void load()
    },
    refresh,
  }
}
