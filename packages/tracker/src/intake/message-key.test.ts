import { describe, expect, test } from 'vitest'
import { openTracker, overwrite, REF } from '../calls/stored-call.fixture.ts'
import { redactFields } from './redact.ts'

const ENDED = { conversation_duration: 5, updated_at: '2026-01-26T10:00:00Z', retry_count: 0 }

/** What is known of the cost, and what is missing of the only attempt. */
async function standing({ tracker }: ReturnType<typeof openTracker>) {
  const [only] = (await tracker.get(REF))?.attempts ?? []
  return { cost: only?.finalData?.cost?.amount ?? null, missing: only?.missing }
}

describe('a message of which only a part is kept', () => {
  test('is no repeat where its cost is another one', async () => {
    const opened = openTracker({ redact: redactFields(['total_cost', 'transcript']) })
    await opened.tell('completed', { ...ENDED, total_cost: null })
    const cost = { ...ENDED, total_cost: 10 }
    expect(await opened.tell('completed', cost)).toMatchObject({ repeated: false })
    expect(await standing(opened)).toEqual({ cost: 10, missing: [] })
    expect(await opened.tell('completed', cost)).toMatchObject({ repeated: true })
    const corrected = await opened.tell('completed', { ...ENDED, total_cost: 11 })
    expect(corrected).toMatchObject({ repeated: false })
    expect(await standing(opened)).toEqual({ cost: 11, missing: [] })
    expect((await opened.tracker.verify()).differences).toEqual([])
  })

  test('is no repeat where it brings what the other one did not', async () => {
    const redact = redactFields(['transcript', 'extracted_data'])
    const opened = openTracker({ redact, expects: { bolna: ['extraction'] } })
    const cost = { ...ENDED, total_cost: 10 }
    await opened.tell('completed', { ...cost, transcript: null, extracted_data: null })
    expect((await standing(opened)).missing).toEqual(['extraction'])
    const whole = { ...cost, transcript: 'user: yes', extracted_data: { a: 1 } }
    expect(await opened.tell('completed', whole)).toMatchObject({ repeated: false })
    expect((await standing(opened)).missing).toEqual([])
    expect((await opened.tracker.verify()).differences).toEqual([])
  })

  test('is a repeat where only the words of its reason are others', async () => {
    const { tell } = openTracker({ redact: redactFields(['telephony_data']) })
    const because = (hangup_reason: string) => ({
      ...ENDED,
      total_cost: 10,
      telephony_data: { hangup_reason },
    })
    await tell('completed', because('Ada hung up'))
    expect(await tell('completed', because('Ada left'))).toMatchObject({ repeated: true })
  })

  test('is told from what somebody wrote over, in the final fields too', async () => {
    const { store, tracker, tell } = openTracker({ redact: () => ({}) })
    await tell('completed', { ...ENDED, total_cost: 10 })
    expect((await tracker.verify()).differences).toEqual([])
    await overwrite(store, ({ entries }) => ({
      entries: JSON.parse(JSON.stringify(entries).replaceAll('"amount":10', '"amount":99')),
    }))
    expect((await tracker.verify()).differences).toMatchObject([
      { message: 'event 1 is not what was stored' },
    ])
  })
})
