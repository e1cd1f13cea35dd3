import { readFileSync } from 'node:fs'
import { type HTMLButtonElement, Window } from 'happy-dom'
import { act, createElement, type ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { replay } from '../src/index.ts'
import { CallButtons } from './react/call-buttons.tsx'
import { StoredCall } from './react/stored-call.tsx'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

/** A document without a browser, in which React renders. */
let page: Window
let unmount: (() => Promise<void>) | undefined

beforeEach(() => {
  page = new Window()
  vi.stubGlobal('window', page)
  vi.stubGlobal('document', page.document)
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
})

afterEach(async () => {
  await unmount?.()
  await page.happyDOM.close()
  vi.unstubAllGlobals()
})

async function render(element: ReactElement) {
  const root = createRoot(page.document.body)
  unmount = () => act(async () => root.unmount())
  await act(async () => root.render(element))
  const buttons = () => [...page.document.querySelectorAll('button')]
  const button = (label: string) =>
    buttons().find(({ textContent }) => textContent === label) as HTMLButtonElement
  return {
    status: () => page.document.querySelector('output')?.textContent,
    text: () => page.document.querySelector('p')?.textContent,
    enabled: () => buttons().flatMap((one) => (one.disabled ? [] : [one.textContent])),
    click: (label: string) => act(async () => button(label).click()),
  }
}

describe('useMachine', () => {
  test('enables a button exactly where the machine can, after every click', async () => {
    const shown = await render(createElement(CallButtons))
    expect(shown.status()).toBe('queued')
    expect(shown.enabled()).toEqual(['Dial', 'Cancel'])

    await shown.click('Answered')
    expect(shown.status()).toBe('queued')

    await shown.click('Dial')
    expect(shown.status()).toBe('initiated')
    expect(shown.enabled()).toEqual(['Answered', 'Busy', 'Cancel'])

    await shown.click('Answered')
    expect(shown.enabled()).toEqual(['Hung up'])

    await shown.click('Hung up')
    expect(shown.status()).toBe('call-disconnected')
    expect(shown.enabled()).toEqual([])
  })

  test('enables none once the call has ended', async () => {
    const shown = await render(createElement(CallButtons))
    await shown.click('Cancel')
    expect(shown.status()).toBe('canceled')
    expect(shown.enabled()).toEqual([])
  })
})

describe('useActorRef', () => {
  test('goes on with a call from a database, and shows what was refused', async () => {
    const HOUR_MS = 3_600_000
    const { call } = replay([{ status: 'ringing', occurredAt: Date.now() + HOUR_MS }])
    const shown = await render(createElement(StoredCall, { call }))
    expect([shown.status(), shown.enabled()]).toEqual(['ringing', ['Cancel']])
    // Without a time it could be canceled; the click has one, which lies before that of the status.
    await shown.click('Cancel')
    expect([shown.status(), shown.text()]).toEqual(['ringing', 'canceled: older-than-state'])
  })

  test('cancels a call that can be', async () => {
    const { call } = replay([{ status: 'ringing', occurredAt: 0 }])
    const shown = await render(createElement(StoredCall, { call }))
    await shown.click('Cancel')
    expect([shown.status(), shown.enabled(), shown.text()]).toEqual(['canceled', [], ''])
  })
})

test('the guide shows the components that are tested here', () => {
  const guide = read('../../../docs/guides/react-buttons.md')
  const shown = [...guide.matchAll(/^```tsx\n([\s\S]*?)^```/gm)].map(([, code]) => code)
  expect(shown).toEqual([read('./react/call-buttons.tsx'), read('./react/stored-call.tsx')])
})
