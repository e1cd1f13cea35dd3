import { describe, expect, test } from 'vitest'
import { createWebhookHandler } from './index.ts'
import { bolnaBody, createTarget, forOne, gate, type OneProvider, post } from './target.fixture.ts'

const BODY = new TextEncoder().encode(bolnaBody('completed'))
const setUp = (options: OneProvider = {}) => {
  const target = createTarget()
  return { target, handler: createWebhookHandler(target, forOne({ isOpen: true, ...options })) }
}

/** A stream of these chunks, and whether it was cancelled. */
function streamOf(chunks: Iterable<unknown>) {
  const cancelled = gate()
  const iterator = chunks[Symbol.iterator]()
  const stream = new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: () => cancelled.open(),
  })
  return { stream, cancelled: cancelled.opened }
}

function* forever(chunk: Uint8Array) {
  for (;;) yield chunk
}

describe('a body', () => {
  test('is read as it comes, in whatever pieces', async () => {
    for (const size of [1, 2, 7, 64, BODY.length]) {
      const { target, handler } = setUp()
      const pieces = Array.from({ length: Math.ceil(BODY.length / size) }, (_, at) =>
        BODY.slice(at * size, (at + 1) * size),
      )
      const { stream } = streamOf([new Uint8Array(), ...pieces, new Uint8Array()])
      expect((await handler(post(stream))).status).toBe(200)
      expect(await target.decisions('c-1')).toEqual(['advanced'])
    }
  })

  test('may be as long as the limit and no longer', async () => {
    for (const [maxBodyBytes, status] of [
      [BODY.length + 1, 200],
      [BODY.length, 200],
      [BODY.length - 1, 413],
    ] as const) {
      const { target, handler } = setUp({ maxBodyBytes })
      const inPieces = streamOf([BODY.slice(0, 10), BODY.slice(10)])
      expect((await handler(post(inPieces.stream))).status).toBe(status)
      const declared = post(BODY, { 'content-length': String(BODY.length) })
      expect((await handler(declared)).status).toBe(status)
      expect(await target.stored()).toBe(status === 200 ? 1 : 0)
    }
  })

  test('may be 1 MiB long by default', async () => {
    const { handler } = setUp()
    const padded = (length: number) => bolnaBody('busy').padEnd(length)
    expect((await handler(post(padded(1024 * 1024)))).status).toBe(200)
    expect((await handler(post(padded(1024 * 1024 + 1)))).status).toBe(413)
  })

  test('that says it is too long is not touched', async () => {
    const { handler } = setUp()
    const request = post(streamOf([]).stream, { 'content-length': '1048577' })
    expect((await handler(request)).status).toBe(413)
    expect(request.bodyUsed).toBe(false)
  })

  test('that lies about its length is counted all the same', async () => {
    const { handler } = setUp({ maxBodyBytes: 1_000 })
    for (const length of ['5', '-1', 'many', '1e1', '']) {
      const { stream, cancelled } = streamOf(forever(new Uint8Array(100)))
      expect((await handler(post(stream, { 'content-length': length }))).status).toBe(413)
      await cancelled
    }
  })

  test('without an end is cancelled at the limit', async () => {
    for (const size of [1, 1_000, 5_000_000]) {
      const { target, handler } = setUp()
      const { stream, cancelled } = streamOf(forever(new Uint8Array(size).fill(0x20)))
      expect((await handler(post(stream))).status).toBe(413)
      await cancelled
      expect(await target.stored()).toBe(0)
    }
  })

  test('of nothing but empty pieces without an end is cancelled too', async () => {
    const { handler } = setUp({ maxBodyBytes: 1_000 })
    const { stream, cancelled } = streamOf(forever(new Uint8Array()))
    expect((await handler(post(stream))).status).toBe(413)
    await cancelled
  })

  test('that does not come in time is cut off', async () => {
    for (const first of [[], [BODY.slice(0, 10)]]) {
      const cancelled = gate()
      const limits: number[] = []
      const stalled = new ReadableStream({
        start(controller) {
          for (const chunk of first) controller.enqueue(chunk)
        },
        cancel: () => cancelled.open(),
      })
      const { target, handler } = setUp({
        startTimer(callback, ms) {
          limits.push(ms)
          callback()
          return () => {}
        },
      })
      expect((await handler(post(stalled))).status).toBe(503)
      await cancelled.opened
      expect(limits).toEqual([10_000])
      expect(await target.stored()).toBe(0)
    }
  })

  test('that trickles is cut off by the clock of the platform', async () => {
    const { handler } = setUp({ bodyTimeoutMs: 40 })
    const trickle = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        controller.enqueue(Uint8Array.of(0x20))
      },
    })
    expect((await handler(post(trickle))).status).toBe(503)
  })

  test('whose cancelling never ends does not hold the answer back', async () => {
    const { handler } = setUp({ maxBodyBytes: 10 })
    for (const cancel of [
      () => new Promise<void>(() => {}),
      () => Promise.reject(new Error('no')),
    ]) {
      const stream = new ReadableStream({
        pull: (controller) => controller.enqueue(BODY),
        cancel,
      })
      expect((await handler(post(stream))).status).toBe(413)
    }
  })

  test('that breaks off is answered with 503', async () => {
    const { target, handler } = setUp()
    const broken = new ReadableStream({
      start: (controller) => controller.enqueue(BODY),
      pull: (controller) => controller.error(new Error('connection reset')),
    })
    expect((await handler(post(broken))).status).toBe(503)
    expect((await handler(post(streamOf(['text']).stream))).status).toBe(503)
    expect(await target.stored()).toBe(0)
  })

  test('of a request without one is no event', async () => {
    const { handler } = setUp()
    const request = new Request('https://receiver.test/', { method: 'POST' })
    expect((await handler(request)).status).toBe(400)
  })
})
