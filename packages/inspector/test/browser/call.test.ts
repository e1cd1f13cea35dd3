import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { CallRef } from '@callstate/tracker'
import { type CallEvent, dueAt, EMPTY_CALL, nextStatuses } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import { decisionText } from 'callstate/text'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startCli } from '../../../cli/test/cli-process.ts'
import { countsIn, openPage } from '../../src/serve/inspector.fixture.ts'
import { buildPage } from './built-page.fixture.ts'
import { idsInList, openInspector, until } from './page.fixture.ts'
import { expectEveryStep } from './steps.fixture.ts'
import { useChromium } from './use-chromium.fixture.ts'
import { placeBolnaCall, startWorld, type World } from './world.fixture.ts'

const browser = useChromium()

const SAID = 'assistant: hello Priya, your appointment is confirmed'
/** What nobody may see: any reserved number, and what is said in a call. */
const PERSONAL = /2025550\d|Priya|appointment/

/** Opens a call without a pointer: search, then the list, then the call. */
async function openByKeyboard(page: Page, id: string): Promise<void> {
  await page.keyboard.press('/')
  await page.keyboard.press('Control+A')
  await page.keyboard.type(id)
  await until(() => idsInList(page), [id])
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await until(() => page.locator('.call-head .id').textContent(), id)
  await page.locator('.events tbody tr').first().waitFor()
}

async function historyOf({ tracker }: World, callId: string) {
  return tracker.history({ provider: 'bolna', callId })
}

/** A call that was retried, whose messages came twice and late, and which then contradicted itself. */
async function tangledCall(world: World): Promise<CallRef> {
  const retries = { retry_config: { enabled: true, max_retries: 1 } }
  const callId = await placeBolnaCall(world, 1, 'retried', retries)
  await world.emulator.idle()
  const bodies = world.bodies.map(({ body }) => body as Record<string, unknown>)
  const own = bodies.filter(({ id }) => id === callId)
  const ingest = (body: unknown) => world.tracker.ingest({ provider: 'bolna', body })
  await ingest(own[1])
  await ingest({ ...own.at(-1), status: 'busy', transcript: SAID })
  await ingest({ ...own.at(-1), status: 'transferring' })
  return { provider: 'bolna', callId }
}

test('a call is opened, read and stepped through with the keyboard alone', async () => {
  await using world = await startWorld({
    seed: 'one call',
    weather: { reorder: 0.6, duplicate: 0.4 },
  })
  const { callId } = await tangledCall(world)
  await placeBolnaCall(world, 2, 'busy')
  const history = await historyOf(world, callId)
  expect(new Set(history.map(({ decision }) => decision?.kind))).toEqual(
    new Set(['advanced', 'retried', 'late', 'duplicate', 'conflicting', 'unrecognized']),
  )

  await using watched = await openInspector(browser(), world.inspector.url)
  const { page } = watched
  await openByKeyboard(page, callId)

  const cells = (column: number) =>
    page.locator(`.events tbody tr td:nth-child(${column})`).allTextContents()
  expect(await cells(1)).toEqual(history.map(({ sequence }) => String(sequence)))
  expect(await cells(4)).toEqual(history.map(({ decision }) => decision?.kind))
  expect(await cells(5)).toEqual(history.map(({ decision }) => decision && decisionText(decision)))
  await expectEveryStep(
    page,
    history.flatMap(({ event }) => event ?? []),
  )
  await page.keyboard.press('Escape')
  expect(await page.locator('.call').count()).toBe(0)
  expect(await page.locator('#calls:focus').count()).toBe(1)
})

test('nothing personal is shown or sent, even where a message is asked for', async () => {
  await using world = await startWorld({ seed: 'one call' })
  const { callId } = await tangledCall(world)
  const history = await historyOf(world, callId)
  expect(history.map(({ payload }) => payload).join()).toMatch(PERSONAL)

  await using watched = await openInspector(browser(), world.inspector.url)
  const { page } = watched
  await openByKeyboard(page, callId)
  for (const button of await page.locator('.events button[aria-expanded]').all()) {
    await button.focus()
    await page.keyboard.press('Enter')
  }
  await until(() => page.locator('.payload pre').count(), history.length)
  const shown = await page.locator('.payload pre').allTextContents()
  expect(shown.map((text) => JSON.parse(text).status)).toEqual(
    history.map(({ event }) => event?.status ?? event?.word),
  )
  expect(shown.join()).toContain('[redacted]')
  expect(await page.locator('.payload').nth(1).textContent()).toContain('telephony_data.to_number')

  const answers = await watched.answers()
  expect(answers).toContain('[redacted]')
  expect(answers).not.toMatch(PERSONAL)
  expect(await page.content()).not.toMatch(PERSONAL)
  await using stream = await openPage(world.inspector.url)
  await stream.until((heard) => countsIn(heard) !== undefined)
  expect(JSON.stringify(stream.heard)).not.toMatch(PERSONAL)
})

test('an open call says what may legally come next and when silence becomes suspicious', async () => {
  await using world = await startWorld({ startAt: Date.UTC(2026, 0, 5, 15) })
  const callId = await placeBolnaCall(world, 3, 'answered')
  await using watched = await openInspector(browser(), world.inspector.url)
  const { page } = watched
  await openByKeyboard(page, callId)
  const fact = (name: string) => page.locator('.facts-table div').filter({ hasText: name })
  const words = async (name: string) => (await fact(name).locator('dd').textContent())?.trim()

  for (let step = 0; step < 40; step++) {
    const found = await world.tracker.get({ provider: 'bolna', callId })
    const status = found?.status ?? ''
    await until(() => page.locator('.status-name').textContent(), status)
    const next = await fact('Legal next').locator('li').allTextContents()
    expect(next.map((text) => text.trim())).toEqual([...nextStatuses(status)])
    const due = found?.dueAt ?? null
    if (due !== null) {
      expect(due).toBeGreaterThanOrEqual(dueAt(found?.knowledge ?? EMPTY_CALL) ?? 0)
      const at = new Date(due).toISOString().replace('T', ' ').slice(0, 19)
      await until(async () => (await words('Due'))?.startsWith(at), true)
    }
    if (found?.settled) break
    await world.emulator.advance(5000)
  }
  expect(await words('Settled')).toBe('yes, the call is over')
  expect(await words('Legal next')).toBe('Nothing: the call is over.')
  expect(await words('Due')).toBe('never: the call is over')
})

test('an open call shows the final data of each attempt, and what is missing, and no word of anybody', async () => {
  await using world = await startWorld({ seed: 'final data' })
  const told = (more: object) =>
    world.tracker.ingest({
      provider: 'bolna',
      body: { id: 'c-1', transcript: SAID, updated_at: '2026-01-05T15:00:00', ...more },
    })
  const first = { status: 'completed', retry_count: 0, conversation_duration: 4 }
  await told({ ...first, answered_by_voice_mail: true })
  await told({ status: 'ringing', retry_count: 1 })
  await told({
    ...{ status: 'completed', retry_count: 1, conversation_duration: 75, total_cost: 10.125 },
    telephony_data: { hangup_by: 'Callee', recording_url: 'https://recordings.example/c-1' },
  })
  await using watched = await openInspector(browser(), world.inspector.url)
  const { page } = watched
  await openByKeyboard(page, 'c-1')
  const attempts = page.locator('.final-data dl')
  await until(() => attempts.count(), 2)
  const factsOf = async (place: number) => {
    const facts = await attempts.nth(place).locator('div').all()
    const words = async (fact: (typeof facts)[number], tag: string) =>
      ((await fact.locator(tag).textContent()) ?? '').trim().replace(/\s+/g, ' ')
    return Object.fromEntries(
      await Promise.all(
        facts.map(async (fact) => [await words(fact, 'dt'), await words(fact, 'dd')] as const),
      ),
    )
  }
  expect(await factsOf(0)).toEqual({
    Attempt: '1 completed',
    duration: '4 s',
    voicemail: 'yes',
    transcript: 'in event 1 at /transcript',
    missing: 'cost',
  })
  expect(await factsOf(1)).toEqual({
    Attempt: '2 completed',
    duration: '1 min 15 s',
    cost: '10.125 cent',
    'who hung up': 'callee',
    recording: 'in event 3 at /telephony_data/recording_url',
    transcript: 'in event 3 at /transcript',
  })
  expect(await page.content()).not.toMatch(/Priya|recordings\.example/)

  await world.tracker.forget({ provider: 'bolna', callId: 'c-1' })
  await told({ ...first, total_cost: 2 })
  await until(async () => (await factsOf(0))['cost'], '2 cent')
  expect((await factsOf(1))['transcript']).toBe('in event 3 at /transcript, not kept')
})

test('a log is shown the same way by "callstate inspect"', async () => {
  await buildPage()
  const log = fileURLToPath(
    new URL('../../../../docs/examples/bolna-bad-day.ndjson', import.meta.url),
  )
  const events = new Map<string, CallEvent[]>()
  for (const line of (await readFile(log, 'utf8')).split('\n')) {
    const reading = bolna.read({ body: parseLine(line), kind: null })
    if (!reading.ok || reading.type !== 'events') continue
    for (const { callId, ...event } of reading.events) {
      events.set(callId, [...(events.get(callId) ?? []), event])
    }
  }
  await using inspecting = await startCli(['inspect', log, '--port', '0'])
  await using watched = await openInspector(browser(), inspecting.address)
  const { page } = watched
  for (const [id, heard] of [...events].slice(0, 4)) {
    await openByKeyboard(page, id)
    await expectEveryStep(page, heard)
    await page.keyboard.press('Escape')
  }
})

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
