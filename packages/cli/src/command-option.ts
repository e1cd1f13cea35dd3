import { InvalidArgumentError, Option } from 'commander'

/** The option `--format`, the same for every command. */
export function formatOption(formats: readonly string[], standard: string): Option {
  return new Option('--format <format>', 'form of the answer')
    .choices([...formats])
    .default(standard)
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
