import { type Command, InvalidArgumentError, Option } from 'commander'
import { rangeText, type WholeRange, wholeNumberIn } from './whole-number.ts'

/** The option `--format`, the same for every command. */
export function formatOption(formats: readonly string[], standard: string): Option {
  return new Option('--format <format>', 'form of the answer')
    .choices([...formats])
    .default(standard)
}

const HIGHEST_PORT = 65_535

/** The options `--port` and `--host` of a command that listens. */
export function listenOptions(command: Command, port: number): Command {
  const range = { lowest: 0, highest: HIGHEST_PORT }
  return command
    .option('--port <n>', 'where to listen; 0 for any free port', wholeNumber(range), port)
    .option('--host <address>', 'on which address', '127.0.0.1')
}

/** The options `--log` and `--verbose` of a command that runs until it is stopped. */
export function logOptions(command: Command, what: string): Command {
  return command
    .addOption(
      new Option('--log <format>', 'form of the log on standard error')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--verbose', `also log ${what}`, false)
}

/** Reads a whole number out of a range. */
export function wholeNumber(range: WholeRange): (text: string) => number {
  return (text) => {
    const value = wholeNumberIn(text, range)
    if (value !== null) return value
    throw new InvalidArgumentError(`Expected a whole number ${rangeText(range)}.`)
  }
}

/** The examples at the end of a command's help. */
export function examples(...commands: readonly string[]): string {
  return `\nExamples:\n${commands.map((command) => `  $ ${command}`).join('\n')}\n`
}
