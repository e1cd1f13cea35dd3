import type { Board, BoardFollower } from '../board.ts'
import type { InspectorLimits } from '../limits.ts'
import type { CallRow, Hello, StreamEvents } from '../wire.ts'

/** What a stream is made of. */
export interface StreamOptions {
  readonly board: Board
  readonly hello: () => Hello
  /** The clock by which calls are overdue. */
  readonly now: () => number
  /** Resolves when the calls that there are stand on the board. */
  readonly ready: Promise<void>
  readonly limits: InspectorLimits
  /** Called once, when nobody reads any more. */
  readonly onEnd: () => void
}

/** Everything that one page hears, as server-sent events, and how to end it. */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>
  end(): void
}

/**
 * Makes the stream of one page: `hello`, the calls in pieces, then updates. Each piece is made when the
 * reader asks for it, of what has changed by then: a slow reader gets fewer and fuller updates, and costs
 * no more than a mark for each call.
 */
export function createEventStream(options: StreamOptions): EventStream {
  const ending = new AbortController()
  const pieces = piecesOf(options, ending.signal)
  const encoder = new TextEncoder()

  function end(): void {
    if (ending.signal.aborted) return
    ending.abort()
    // Where it waits to be read on, it would wait for ever.
    pieces.return().catch(() => {})
    if (isRead) opened?.close()
    options.onEnd()
  }

  let opened: ReadableStreamDefaultController<Uint8Array> | null = null
  let isRead = true
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        opened = controller
      },
      async pull(controller) {
        // Where the source fails, the page hears the stream end, and asks again.
        const piece = await pieces.next().catch(() => null)
        if (ending.signal.aborted) return
        if (piece === null || piece.done === true) end()
        else controller.enqueue(encoder.encode(piece.value))
      },
      cancel() {
        isRead = false
        end()
      },
    },
    // Nothing is made before it is asked for.
    { highWaterMark: 0 },
  )
  return { body, end }
}

async function* piecesOf(
  { board, hello, now, ready, limits }: StreamOptions,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  yield pieceOf('hello', hello())
  await ready
  const follower = board.follow()
  try {
    yield* rowsOf(board, limits.rowsPerPiece)
    yield* updatesOf(follower)
  } finally {
    follower.stop()
  }

  async function* updatesOf(changes: BoardFollower): AsyncGenerator<string, void, undefined> {
    let isMoving = true
    let pingAt = 0
    for (;;) {
      if (changes.hasNews || isMoving) {
        const counts = board.counts()
        yield pieceOf('update', { ...changes.take(limits.rowsPerPiece), counts, now: now() })
        // The rate falls to 0 without news, and the page is told so.
        isMoving = counts.eventsPerSecond > 0
        pingAt = performance.now() + limits.pingEveryMs
      } else if (performance.now() >= pingAt) {
        yield ': still here\n\n'
        pingAt = performance.now() + limits.pingEveryMs
      }
      await pause(limits.updateEveryMs, signal)
      if (signal.aborted) return
    }
  }
}

/** The calls on the board, which may change meanwhile: what changes comes again in an update. */
function* rowsOf(board: Board, limit: number): Generator<string, void, undefined> {
  let rows: CallRow[] = []
  for (const row of board.rows()) {
    if (rows.length === limit) {
      yield pieceOf('rows', { rows, done: false })
      rows = []
    }
    rows.push(row)
  }
  yield pieceOf('rows', { rows, done: true })
}

function pieceOf<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
