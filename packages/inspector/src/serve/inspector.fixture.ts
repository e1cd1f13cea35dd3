import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import {
  type Inspector,
  type LoggedCall,
  logSource,
  type StartInspectorOptions,
  startInspector,
} from '../index.ts'
import type { StreamEvents } from '../wire.ts'

export const PHONE = '+12025550123'

/** An event of the stream with its data. */
export type Heard = {
  [Name in keyof StreamEvents]: { readonly name: Name; readonly data: StreamEvents[Name] }
}[keyof StreamEvents]

/** A page that reads the stream of an inspector. */
export interface Page extends AsyncDisposable {
  readonly heard: readonly Heard[]
  readonly bytes: number
  /** Comments that came between the events. */
  readonly pings: number
  /** Reads on until the condition holds of all that was heard. Fails where the stream ends before. */
  until(condition: (heard: readonly Heard[]) => boolean): Promise<void>
  /** Reads on until the server ends the stream. */
  end(): Promise<void>
}

/** Opens the stream over HTTP. */
export async function openPage(url: string, init: RequestInit = {}): Promise<Page> {
  const ending = new AbortController()
  const response = await fetch(new URL('api/stream', url), { ...init, signal: ending.signal })
  if (response.status !== 200 || response.body === null) {
    throw new Error(`The stream answered ${response.status}.`)
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  const heard: Heard[] = []
  let rest = ''
  let bytes = 0
  let pings = 0

  async function readOn(): Promise<boolean> {
    const { value, done } = await reader.read()
    if (done) return false
    bytes += value.length
    const pieces = (rest + value).split('\n\n')
    rest = pieces.pop() ?? ''
    for (const piece of pieces) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(piece) ?? []
      if (name === undefined || data === undefined) pings++
      else heard.push({ name, data: JSON.parse(data) } as Heard)
    }
    return true
  }

  return {
    heard,
    get bytes() {
      return bytes
    },
    get pings() {
      return pings
    },
    async until(condition) {
      while (!condition(heard)) {
        if (!(await readOn())) throw new Error('The stream ended.')
      }
    },
    async end() {
      while (await readOn());
    },
    async [Symbol.asyncDispose]() {
      ending.abort()
    },
  }
}

/** The latest row of each call. */
export function rowsIn(heard: readonly Heard[]) {
  const rows = heard.flatMap((one) => (one.name === 'hello' ? [] : one.data.rows))
  return new Map(rows.map((row) => [row.key, row]))
}

/** The latest counts. */
export function countsIn(heard: readonly Heard[]) {
  const updates = heard.flatMap((one) => (one.name === 'update' ? [one.data] : []))
  return updates.at(-1)?.counts
}

/** Asks for a path of the API; the answer's JSON. */
export async function ask<Answer>(url: string, path: string): Promise<Answer> {
  const response = await fetch(new URL(path, url))
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`)
  return (await response.json()) as Answer
}

function callsOf(count: number): readonly LoggedCall[] {
  return Array.from({ length: count }, (_, place) => ({
    provider: 'bolna',
    callId: `c/${place}`,
    entries: [
      { event: { status: 'queued' }, payload: () => ({ status: 'queued', to_number: PHONE }) },
      { event: { status: 'initiated' } },
    ],
  }))
}

/** A log with calls that have two events each. */
export const log = (count = 1) => logSource({ name: 'week.ndjson', calls: callsOf(count) })

/** A built page, as small as one can be. */
export async function pageFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inspector-page-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>calls</title>')
  await writeFile(join(folder, 'assets/app-1a2b.js'), 'start()')
  return folder
}

/** An inspector over a log of one call, unless told otherwise. */
export async function start(options: Partial<StartInspectorOptions> = {}): Promise<Inspector> {
  return startInspector({ source: log(), page: await pageFolder(), ...options })
}
