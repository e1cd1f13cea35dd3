import { colorsOf, jsonText, printable, type Terminal, write } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { chooseProviders } from '../providers/choose-providers.ts'
import { deadLetterOf } from './call-json.ts'
import { deadLettersText, moreText } from './calls-text.ts'
import type { DatabaseOptions } from './database-options.ts'
import { withTracker } from './open-tracker.ts'

/** The options of `callstate dead-letters`. */
export interface DeadLettersOptions extends DatabaseOptions {
  /** Files of further providers. */
  readonly provider?: readonly string[]
  readonly consumer?: string
  /** One by its id, or `all` of the consumer. */
  readonly replay?: string
  readonly limit: number
  readonly format: 'text' | 'json'
}

/** Runs `callstate dead-letters` and gives its exit code: 1 where there was none to handle again. */
export async function runDeadLetters(
  options: DeadLettersOptions,
  terminal: Terminal,
  now: () => number = Date.now,
): Promise<number> {
  const { consumer, replay, limit, format } = options
  const { stdout } = terminal
  if (replay !== undefined && consumer === undefined) {
    throw new UsageError('expected --consumer with --replay: whose dead letters they are.')
  }
  const { known: providers } = await chooseProviders(options.provider ?? [])
  return withTracker(options, { now, providers }, async (tracker) => {
    if (replay !== undefined && consumer !== undefined) {
      const which = replay === 'all' ? {} : { id: replay }
      const replayed = await tracker.replayDeadLetters(consumer, which)
      const text =
        replayed === 0
          ? `No such dead letter of ${printable(consumer)}.\n`
          : `${replayed} to be handled again, as soon as ${printable(consumer)} runs.\n`
      await write(stdout, format === 'json' ? `${JSON.stringify({ replayed })}\n` : text)
      return replayed === 0 ? 1 : 0
    }
    const page = await tracker.deadLetters({ limit, ...(consumer !== undefined && { consumer }) })
    const answer = { deadLetters: page.items.map(deadLetterOf), more: page.next !== null }
    await write(
      stdout,
      format === 'json' ? jsonText(answer) : deadLettersText(page.items, colorsOf(terminal)),
    )
    if (page.next !== null && format === 'text') {
      await write(terminal.stderr, moreText(limit))
    }
    return 0
  })
}
