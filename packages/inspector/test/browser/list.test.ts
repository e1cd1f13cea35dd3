import { groupOf } from 'callstate'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allCalls } from '../../../tracker/test/all-calls.ts'
import { findingsOf } from './findings.fixture.ts'
import { countOfList, idsInList, openInspector, until } from './page.fixture.ts'
import { useChromium } from './use-chromium.fixture.ts'
import {
  placeBolnaCall,
  placeDialgenCall,
  START_TIMEOUT_MS,
  startWorld,
  type World,
} from './world.fixture.ts'

const browser = useChromium()

const CALLS = 52
const MINUTE_MS = 60_000

type Known = Awaited<ReturnType<typeof allCalls>>[number]
let world: World
let calls: readonly Known[]
const findings = new Map<Known, number>()
beforeAll(async () => {
  world = await startWorld({ seed: 'a list', weather: 'storm' })
  for (let index = 0; index < CALLS; index++) {
    await placeBolnaCall(world, index)
    if (index % 4 === 0) await placeDialgenCall(world, index)
    if (index % 10 === 0) await world.emulator.advance(5 * MINUTE_MS)
  }
  await world.emulator.advance(7 * MINUTE_MS)
  const ended = (await allCalls(world.tracker)).filter(({ status }) => status === 'completed')
  for (const { callId } of ended.slice(0, 3)) {
    await world.tracker.ingest({ provider: 'bolna', body: { id: callId, status: 'busy' } })
  }
  calls = await allCalls(world.tracker)
  for (const call of calls) findings.set(call, await findingsOf(world.tracker, call))
}, START_TIMEOUT_MS)
afterAll(() => world[Symbol.asyncDispose]())

const hasFindings = (call: Known) => (findings.get(call) ?? 0) > 0
/** When a call, or its data, is due first. */
const firstDue = ({ dueAt, dataDueAt }: Known) => {
  const times = [dueAt, dataDueAt].filter((time) => time !== null)
  return times.length === 0 ? null : Math.min(...times)
}
const isOverdue = (call: Known) => (firstDue(call) ?? Infinity) < world.emulator.now()

/** The list holds these calls and no other, in any order. */
async function expectListed(page: Page, wanted: (call: Known) => boolean): Promise<void> {
  const expected = calls.filter(wanted).map(({ callId }) => callId)
  expect(expected.length).toBeGreaterThan(0)
  expect(expected.length).toBeLessThan(calls.length)
  await until(() => countOfList(page), expected.length)
  expect(await allIds(page)).toEqual(new Set(expected))
}

/** Scrolls through the whole list. */
async function allIds(page: Page): Promise<ReadonlySet<string>> {
  const list = page.locator('#calls')
  const ids = new Set<string>()
  await list.focus()
  await page.keyboard.press('Home')
  const count = await countOfList(page)
  for (let presses = 0; presses <= count; presses++) {
    for (const id of await idsInList(page)) ids.add(id)
    if (ids.size === count) break
    await page.keyboard.press('PageDown')
  }
  return ids
}

test('the filters show what the data says, one by one and together', async () => {
  await using watched = await openInspector(browser(), world.inspector.url)
  const { page } = watched
  await until(() => countOfList(page), calls.length)

  await page.getByRole('combobox', { name: 'Status' }).selectOption('busy')
  await expectListed(page, ({ status }) => status === 'busy')
  // The chart says it too, and choosing the status there lets all calls in again.
  const busy = page.locator('.drawing [data-status=busy]')
  expect(await busy.getAttribute('aria-pressed')).toBe('true')
  await busy.click()
  await until(() => countOfList(page), calls.length)

  await page.getByRole('combobox', { name: 'Group' }).selectOption('unsuccessful')
  const isUnsuccessful = ({ status }: Known) =>
    status !== null && groupOf(status) === 'unsuccessful'
  await expectListed(page, isUnsuccessful)
  await page.getByRole('combobox', { name: 'Provider' }).selectOption('bolna')
  await expectListed(page, (call) => isUnsuccessful(call) && call.provider === 'bolna')
  await page.reload()
  await expectListed(page, (call) => isUnsuccessful(call) && call.provider === 'bolna')
  await page.getByRole('button', { name: 'clear filters' }).click()
  await until(() => countOfList(page), calls.length)

  await page.getByLabel('findings', { exact: true }).check()
  await expectListed(page, hasFindings)
  await page.getByLabel('findings', { exact: true }).uncheck()
  await page.getByLabel('overdue', { exact: true }).check()
  await expectListed(page, isOverdue)
  expect(await page.locator('.badge.due').count()).toBeGreaterThan(0)
})

test('the search finds calls by a part of their id and by their provider', async () => {
  await using watched = await openInspector(browser(), world.inspector.url)
  const { page } = watched
  const part = calls[7]?.callId.slice(4, 9).toUpperCase() ?? ''
  await page.getByRole('searchbox').fill(part)
  await expectListed(page, ({ callId }) => callId.includes(part.toLowerCase()))
  await page.getByRole('searchbox').fill('dialg')
  await expectListed(page, ({ provider }) => provider === 'dialgen')
  await page.getByRole('searchbox').fill('no such call')
  await page.getByText('No call passes these filters.').waitFor()
  await page.getByRole('button', { name: 'clear filters' }).last().click()
  await until(() => countOfList(page), calls.length)
})

test('calls with findings stand first, then what was heard last; or what is due soonest', async () => {
  await using watched = await openInspector(browser(), world.inspector.url)
  const { page } = watched
  const byKey = (a: Known, b: Known) =>
    `${a.provider} ${a.callId}` < `${b.provider} ${b.callId}` ? -1 : 1
  const byLatest = (a: Known, b: Known) => b.lastReceivedAt - a.lastReceivedAt || byKey(a, b)
  const odd = calls.filter((call) => hasFindings(call)).toSorted(byLatest)
  const rest = calls.filter((call) => !hasFindings(call)).toSorted(byLatest)
  const expectFirst = async (expected: readonly Known[]) =>
    until(
      async () => (await idsInList(page)).slice(0, 10),
      expected.slice(0, 10).map((call) => call.callId),
    )
  await expectFirst([...odd, ...rest])
  expect(odd.length).toBeGreaterThan(1)
  expect(await page.locator('.badge.finding').count()).toBe(odd.length)

  await page.getByRole('combobox', { name: 'Order' }).selectOption('latest')
  await expectFirst(calls.toSorted(byLatest))
  await page.getByRole('combobox', { name: 'Order' }).selectOption('due')
  const due = calls.filter((call) => firstDue(call) !== null)
  const byDue = (a: Known, b: Known) => (firstDue(a) ?? 0) - (firstDue(b) ?? 0)
  await expectFirst(due.toSorted((a, b) => byDue(a, b) || byLatest(a, b)))
})
