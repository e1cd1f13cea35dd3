import { checkTransition } from 'callstate'
import { Argument, type Command } from 'commander'
import { examples, formatOption } from '../command/command-option.ts'
import { statusArgument } from '../command/status-word.ts'
import { type Colors, colorsOf, jsonText, type Terminal, write } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { chooseProvider, chooseProviders } from '../providers/choose-providers.ts'
import {
  PROVIDER_HELP,
  providerOption,
  providersOfLogOption,
} from '../providers/provider-option.ts'
import { classificationText, classify } from './classify.ts'
import { DIAGRAM_FORMATS, type DiagramFormat, drawCall, drawMachine } from './diagram.ts'
import { explanationText } from './explain.ts'
import { findCall } from './find-call.ts'
import { nextOf, nextText } from './next.ts'

/** Adds the questions to the state machine: `classify`, `next`, `explain`. */
export function addAnswers(
  program: Command,
  terminal: Terminal,
  exitWith: (code: number) => void,
): void {
  const colors = colorsOf(terminal)
  const answer = async <Value>(
    value: Value,
    { format }: { readonly format: string },
    picture: (value: Value, colors: Colors) => string,
  ) => {
    const text = format === 'json' ? jsonText(value) : picture(value, colors)
    await write(terminal.stdout, text)
  }
  const format = () => formatOption(['text', 'json'], 'text')
  program
    .command('classify')
    .description('Say of each status whether it ends an attempt, its phase and its group.')
    .argument('<STATUS...>', 'status words of the table, or other spellings of them')
    .addOption(format())
    .addHelpText(
      'after',
      `\nExit code: 0, or 1 where a word is no status of the table.\n${examples('callstate classify call-disconnected busy', 'callstate classify no_answer --format json')}`,
    )
    .action(async (words: string[], options: { readonly format: string }) => {
      const answers = words.map(classify)
      await answer(answers, options, classificationText)
      exitWith(answers.some(({ status }) => status === null) ? 1 : 0)
    })
  program
    .command('next')
    .description('List the statuses that may legally follow, and how each move is known.')
    .argument('<STATUS>', 'a status of the table')
    .addOption(providerOption(OWN_LIFECYCLE))
    .addOption(format())
    .addHelpText(
      'after',
      `\n${PROVIDER_HELP}\nExit code: 0, or 2 for a word that is no status.\n${examples('callstate next ringing', 'callstate next in-progress --provider dialgen', 'callstate next queued --format json')}`,
    )
    .action(async (word: string, options: AnswerOptions) => {
      const { provider } = await chooseProvider(options.provider)
      const next = nextOf(statusArgument(word), provider)
      await answer(next, options, (value, colors) => nextText(value, provider, colors))
    })
  program
    .command('explain')
    .description('Say whether a call may move from one status to another, and why.')
    .addArgument(new Argument('<FROM>', 'the status that the call has'))
    .addArgument(new Argument('<TO>', 'the status that it would get'))
    .addOption(providerOption(OWN_LIFECYCLE))
    .addOption(format())
    .addHelpText(
      'after',
      `\n${PROVIDER_HELP}\nExit code: 0 for a legal move, 1 for an illegal one, 2 for a word that is no status.\n${examples('callstate explain ringing completed', 'callstate explain in-progress completed --provider dialgen', 'callstate explain busy queued --format json')}`,
    )
    .action(async (from: string, to: string, options: AnswerOptions) => {
      const { provider } = await chooseProvider(options.provider)
      const moves = provider === null ? {} : { provider }
      const check = checkTransition(statusArgument(from) as string, statusArgument(to), moves)
      await answer(check, options, (value, colors) => explanationText(value, provider, colors))
      exitWith(check.ok ? 0 : 1)
    })
}

/** Adds `diagram`: the machine, or one call of a log. */
export function addDiagram(program: Command, terminal: Terminal): void {
  program
    .command('diagram')
    .description('Draw the state machine, or with --call the history of one call in a log.')
    .argument('[FILE...]', 'the log of the call; "-" or none is standard input')
    .addOption(formatOption(DIAGRAM_FORMATS, 'mermaid'))
    .addOption(providersOfLogOption(`${OWN_LIFECYCLE}; with --call, whose webhooks the log holds`))
    .option('--call <id>', 'the identifier of the call')
    .addHelpText(
      'after',
      `\n${PROVIDER_HELP}\nExit code: 0, or 2 for wrong usage or an unreadable file.\n${examples(
        'callstate diagram > calls.mmd',
        'callstate diagram --provider dialgen --format svg > machine.svg',
        'callstate diagram --call 0b0e6a1c --format svg webhooks.ndjson > call.svg',
      )}`,
    )
    .action(async (files: string[], { format, provider: words, call: id }: DiagramOptions) => {
      const providers = await chooseProviders(words)
      if (id !== undefined) {
        const { call, provider } = await findCall(id, files, providers, terminal)
        return write(terminal.stdout, drawCall(call, format, { provider }))
      }
      if (files.length > 0) {
        throw new UsageError('expected --call with the identifier of a call in the log, got none.')
      }
      const [provider, ...others] = providers.named === providers.known ? [] : providers.named
      if (others.length > 0) {
        throw new UsageError('expected one provider whose machine is drawn, got several.')
      }
      await write(terminal.stdout, drawMachine(format, { provider }))
    })
}

const OWN_LIFECYCLE = "whose lifecycle is asked, where it is not the table's"

interface AnswerOptions {
  readonly format: string
  readonly provider?: string
}

interface DiagramOptions {
  readonly format: DiagramFormat
  readonly provider: readonly string[]
  readonly call?: string
}
