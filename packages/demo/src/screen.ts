import { styleText } from 'node:util'
import { textTable } from '@callstate/checks/table'
import { CALL_STATUSES, LIFECYCLE } from 'callstate'
import { createLogUpdate } from 'log-update'
import type { View } from './beliefs.ts'
import type { World } from './world.ts'

/** Where a run is shown while it goes on. */
export interface Screen {
  show(view: View, world: World, seconds: number): void
  /** Leaves the last picture. */
  end(): void
}

const LINE_EVERY_S = 2

/** A live table on a terminal; elsewhere a line every two seconds. */
export function createScreen(stream: NodeJS.WriteStream): Screen {
  if (stream.isTTY === true) {
    const update = createLogUpdate(stream)
    return {
      show: (view, world, seconds) => update(tableText(view, world, seconds)),
      end: () => update.done(),
    }
  }
  let nextLine = 0
  return {
    show(view, world, seconds) {
      if (seconds < nextLine) return
      nextLine = seconds + LINE_EVERY_S
      stream.write(`${lineText(view, world, seconds)}\n`)
    },
    end() {},
  }
}

const ENDED_COLORS = { successful: 'green', unanswered: 'yellow', unsuccessful: 'red' } as const

function tableText(view: View, world: World, seconds: number): string {
  const believed = countOf(view.rows.map(({ status }) => status))
  const true_ = view.truth.totals.statuses
  const rows = CALL_STATUSES.filter(
    (status) => (true_[status] ?? 0) > 0 || (believed[status] ?? 0) > 0,
  ).map((status) => [status, `${true_[status] ?? 0}`, `${believed[status] ?? 0}`])
  const [head = '', rule = '', ...lines] = textTable(
    ['status', 'true', 'tracker'],
    rows.length === 0 ? [['', '', '']] : rows,
  ).split('\n')
  const colored = lines.map((line, place) => {
    const status = CALL_STATUSES.find((one) => one === rows[place]?.[0])
    if (status === undefined) return line
    const { class: kind, group } = LIFECYCLE[status]
    return styleText(kind === 'terminal' && group !== null ? ENDED_COLORS[group] : 'cyan', line)
  })
  return [
    `${styleText('bold', clockText(world))}  ${seconds.toFixed(0)} s`,
    '',
    `  ${styleText('bold', head)}`,
    `  ${rule}`,
    ...colored.map((line) => `  ${line}`),
    '',
    ...figuresOf(view, world).map(([name, text]) => `  ${name}: ${text}`),
    '',
  ].join('\n')
}

function lineText(view: View, world: World, seconds: number): string {
  const { calls, settled } = view.truth.totals
  const figures = figuresOf(view, world).map(([name, text]) => `${name}: ${text}`)
  return [
    `${seconds.toFixed(0).padStart(3)} s  ${settled} of ${calls} calls are over`,
    ...figures,
  ].join('; ')
}

function figuresOf(
  { truth, disagreements, money }: View,
  { heard, asked }: World,
): readonly (readonly [name: string, text: string])[] {
  const { deliveries, outcomes } = truth.totals
  return [
    ['webhooks', `${deliveries} made, ${outcomes.lost} lost, ${heard.webhooks} heard`],
    ['of them', `${heard.duplicates} duplicates, ${heard.late} late`],
    ['asked about overdue calls', `${asked.asked} times`],
    ['calls in which the tracker differs', `${disagreements.length}`],
    ['attempts whose cost is neither charged nor listed yet', `${money.wrong}`],
  ]
}

function clockText({ emulator }: World): string {
  return `It is ${new Date(emulator.now()).toISOString().slice(11, 19)} for the calls.`
}

function countOf(words: readonly (string | null)[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const word of words) if (word !== null) counts[word] = (counts[word] ?? 0) + 1
  return counts
}
