import type { Totals, Truth } from '@callstate/emulator'
import { CALL_STATUSES } from 'callstate'
import { type Colors, counted, printable } from '../command/terminal.ts'
import { amountText } from '../text/amount-text.ts'
import { headingColor, headingOf } from '../text/status-facts.ts'
import { type Cell, tableText } from '../text/table.ts'

/** What an emulator did in all, for a person. Pure. */
export function totalsText({ totals, seed }: Truth, colors: Colors): string {
  const { calls, settled, deliveries, outcomes, tries, repeats } = totals
  const statuses = CALL_STATUSES.filter((status) => (totals.statuses[status] ?? 0) > 0)
  const mishaps = Object.entries(totals.mishaps).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const costs = totals.amounts.map((sum): readonly Cell[] => [
    `all attempts at ${printable(sum.provider)} cost`,
    amountText(sum),
  ])
  const figure = (count: number) => String(count).padStart(6)
  return [
    `${colors.bold(`${counted(calls, 'call')}, ${settled} over`)}  seed ${seed}\n`,
    tableText(
      statuses.map((status): readonly Cell[] => [
        [status, headingColor(headingOf(status), colors)],
        figure(totals.statuses[status] ?? 0),
      ]),
      '  ',
    ),
    ...(costs.length === 0 ? [] : ['\n', tableText([...costs, ...correctionsOf(totals)], '  ')]),
    `\n${colors.bold(`${counted(deliveries, 'webhook')} in ${counted(tries, 'request')}`)}\n`,
    tableText(
      [
        ['delivered', figure(outcomes.delivered)],
        ['lost', figure(outcomes.lost)],
        ['given up', figure(outcomes.failed)],
        ['on the way', figure(outcomes.pending)],
        ['answered more than once', figure(repeats)],
        ...mishaps.map(([mishap, count]): readonly Cell[] => [`weather: ${mishap}`, figure(count)]),
      ],
      '  ',
    ),
  ].join('')
}

function correctionsOf({ corrections }: Totals): readonly (readonly Cell[])[] {
  return corrections === 0 ? [] : [['corrected after the end', counted(corrections, 'cost')]]
}
