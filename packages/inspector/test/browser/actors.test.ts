import { callMachine } from 'callstate/machine'
import { expect, test } from 'vitest'
import { createActor, createMachine } from 'xstate'
import { startInspector } from '../../src/index.ts'
import { actorsSource } from '../../src/xstate.ts'
import { attachTo } from './attach.fixture.ts'
import { buildPage } from './built-page.fixture.ts'
import { idsInList, openInspector, statusesInChart, totalsInHead, until } from './page.fixture.ts'
import { useChromium } from './use-chromium.fixture.ts'

const browser = useChromium()

const PHONE = '+12025550123'

test('an actor of the machine that attaches itself is shown, moves, and what it refuses is told', async () => {
  await buildPage()
  await using inspector = await startInspector({ source: actorsSource() })
  await using watched = await openInspector(browser(), inspector.url)
  const { page } = watched
  await page.getByText('No call has been heard of yet.').waitFor()

  const { inspect, stop } = attachTo(inspector.attachUrl)
  const actor = createActor(callMachine, { inspect }).start()
  await until(() => statusesInChart(page), { queued: 1 })
  const [id = ''] = await idsInList(page)
  await page.locator('[role=option]').click()
  await until(() => page.locator('.call-head .id').textContent(), id)

  for (const status of ['initiated', 'ringing', 'in-progress'] as const) {
    actor.send({ type: status, ...{ to_number: PHONE } })
    await until(() => statusesInChart(page), { [status]: 1 })
    await until(() => page.locator('.status-name').textContent(), status)
  }
  actor.send({ type: 'ringing' })
  await until(async () => (await totalsInHead(page))['findings'], 1)
  const last = page.locator('.events tbody tr').last()
  await until(
    () =>
      last
        .locator('td')
        .nth(2)
        .textContent()
        .then((text) => text?.startsWith('ringing')),
    true,
  )
  expect(await last.textContent()).toContain('refused')
  expect(await page.locator('.status-name').textContent()).toBe('in-progress')

  actor.send({ type: 'call-disconnected' })
  actor.send({ type: 'completed' })
  await until(() => statusesInChart(page), { completed: 1 })
  expect((await totalsInHead(page))['settled']).toBe(1)
  expect(await page.content()).not.toContain(PHONE.slice(1))
  expect(await watched.answers()).not.toContain(PHONE.slice(1))
  stop()
})

test('another machine is listed with its state', async () => {
  await buildPage()
  await using inspector = await startInspector({ source: actorsSource() })
  await using watched = await openInspector(browser(), inspector.url)
  const { inspect, stop } = attachTo(inspector.attachUrl)
  const light = createMachine({
    id: 'light',
    initial: 'green',
    states: { green: { on: { next: 'red' } }, red: {} },
  })
  createActor(light, { inspect }).start().send({ type: 'next' })
  await until(async () => (await idsInList(watched.page)).length, 1)
  await watched.page.locator('[role=option]').click()
  await watched.page.locator('.events tbody tr').last().waitFor()
  expect(await watched.page.locator('.call').textContent()).toContain('red')
  stop()
})
