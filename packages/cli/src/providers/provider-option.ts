import { InvalidArgumentError, Option } from 'commander'
import { ANY_PROVIDER, isProviderPath, PROVIDER_NAMES } from './choose-providers.ts'

const ONE = '<name|file>'

/** What may stand for a provider, for the help of a command. */
export const PROVIDER_HELP = `A provider is one of ${PROVIDER_NAMES.join(', ')}, or the path of a file that declares one, such as ./acme.js.`

/** `--provider`, once: the name of a provider, or the path of a file. */
export function providerOption(description: string): Option {
  return new Option(`--provider ${ONE}`, description).argParser(checked(PROVIDER_NAMES))
}

/** `--provider`, as often as there are providers; with `<name|file...>` also several behind one another. */
export function providersOption(
  description: string,
  names: '<name|file>' | '<name|file...>' = ONE,
): Option {
  return gathering(new Option(`--provider ${names}`, description), PROVIDER_NAMES)
}

/** `--provider` of a command that reads logs: `auto`, which it is by default, tells them by shape. */
export function providersOfLogOption(description: string): Option {
  const option = new Option(`--provider ${ONE}`, description).default([], ANY_PROVIDER)
  return gathering(option, [...PROVIDER_NAMES, ANY_PROVIDER])
}

function gathering(option: Option, names: readonly string[]): Option {
  const check = checked(names)
  return option.argParser((word, before: readonly string[] = []) => [...before, check(word)])
}

function checked(names: readonly string[]): (word: string) => string {
  return (word) => {
    if (names.includes(word) || isProviderPath(word)) return word
    throw new InvalidArgumentError(
      `Allowed choices are ${names.join(', ')}, and the path of a file such as ./acme.js.`,
    )
  }
}
