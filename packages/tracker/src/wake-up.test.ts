import { expect, test } from 'vitest'
import { createVirtualTime } from './consumer/virtual-time.fixture.ts'
import { createWakeUp } from './wake-up.ts'

function waiting(promise: Promise<void>): { readonly isOver: () => boolean } {
  let isOver = false
  void promise.then(() => {
    isOver = true
  })
  return { isOver: () => isOver }
}

test('a call that nobody waited for is kept for the next who does, once', async () => {
  const time = createVirtualTime(0)
  const wakeUp = createWakeUp()
  wakeUp.call()
  wakeUp.call()
  await wakeUp.called()
  const next = waiting(wakeUp.called())
  await time.advance(1000)
  expect(next.isOver()).toBe(false)
  wakeUp.call()
  await time.advance(0)
  expect(next.isOver()).toBe(true)
})

test('waiting for a time ends with it, with a call and with the signal', async () => {
  const time = createVirtualTime(0)
  const wakeUp = createWakeUp()
  const stop = new AbortController()
  const within = () => waiting(wakeUp.calledWithin(1000, time.sleep, stop.signal))
  const timed = within()
  await time.advance(999)
  expect(timed.isOver()).toBe(false)
  await time.advance(1)
  expect(timed.isOver()).toBe(true)

  const called = within()
  wakeUp.call()
  await time.advance(0)
  expect(called.isOver()).toBe(true)

  const stopped = within()
  stop.abort()
  await time.advance(0)
  expect(stopped.isOver()).toBe(true)
  // A call after the time was over is for the next who waits.
  wakeUp.call()
  await wakeUp.called()
})
