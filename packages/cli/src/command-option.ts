import { type Command, InvalidArgumentError, Option } from 'commander'

/** The option `--format`, the same for every command. */
export function formatOption(formats: readonly string[], standard: string): Option {
  return new Option('--format <format>', 'form of the answer')
    .choices([...formats])
    .default(standard)
}

const HIGHEST_PORT = 65_535

/** The options `--port` and `--host` of a command that listens. */
export function listenOptions(command: Command, port: number): Command {
  return command
    .option('--port <n>', 'where to listen; 0 for any free port', atLeast(0, HIGHEST_PORT), port)
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

/** Reads a whole number from `lowest` on, up to `highest`. */
export function atLeast(
  lowest: number,
  highest: number = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  const range = highest === Number.MAX_SAFE_INTEGER ? `${lowest} on` : `${lowest} to ${highest}`
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value
    throw new InvalidArgumentError(`Expected a whole number from ${range}.`)
  }
}

/** The examples at the end of a command's help. */
export function examples(...commands: readonly string[]): string {
  return `\nExamples:\n${commands.map((command) => `  $ ${command}`).join('\n')}\n`
}
