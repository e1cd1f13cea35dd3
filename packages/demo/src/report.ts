import { styleText } from 'node:util'
import { textTable } from '@callstate/checks/table'
import type { View } from './beliefs.ts'
import { addsUp } from './money.ts'
import type { World } from './world.ts'

/** A word, a number and what it counts. */
type Figure = readonly [name: string, figure: number, what: string]

/** What came of a run, for a person. */
export function reportText(view: View, { heard, asked }: World): string {
  const { truth, disagreements } = view
  const { totals } = truth
  const all = [...truth.calls.flatMap(({ deliveries }) => deliveries), ...truth.deliveries]
  const lastWords = all.filter(({ isFinal, outcome }) => isFinal && outcome === 'lost').length
  const naive = truth.calls.filter(
    ({ provider, id, status }) => heard.latest.get(`${provider} ${id}`) !== status,
  ).length
  const figures: readonly Figure[] = [
    ['calls', totals.calls, providersText(view)],
    ['webhooks', totals.deliveries, 'made by the providers'],
    ['lost', totals.outcomes.lost, `never arrived; ${lastWords} of them the last word on a call`],
    ['heard', heard.webhooks, 'requests that reached the service'],
    ['duplicates', heard.duplicates, 'told nothing new, and changed nothing'],
    ['late', heard.late, 'told of a status that the call had passed'],
    ['asked', asked.asked, `questions about overdue calls; ${asked.news} answers healed a loss`],
    ['naive', naive, 'calls would be wrong if the latest webhook were taken for the truth'],
    ['wrong', disagreements.length, "calls whose status in the tracker is not the providers'"],
    ...moneyFigures(view),
  ]
  const rows = figures.map(([name, figure, what]) => [name, centText(figure), what])
  return `${textTable(['', '', ''], rows).split('\n').slice(2).join('\n')}\n\n${verdict(view)}\n${moneyVerdict(view)}\n`
}

function verdict({ truth, disagreements }: View): string {
  if (disagreements.length === 0) {
    const text = `The tracker and the truth agree on every one of the ${truth.totals.calls} calls.`
    return styleText('green', text)
  }
  const rows = disagreements.map(({ provider, id, truth: status, belief }) => [
    provider,
    id,
    status,
    belief ?? 'nothing heard',
  ])
  const table = textTable(['provider', 'call', 'true', 'tracker'], rows)
  return `${table}\n\n${styleText('red', `The tracker is wrong about ${rows.length} calls.`)}`
}

function moneyFigures({ truth, money }: View): readonly Figure[] {
  const { charged, missing, untold } = money
  return [
    [
      'charged',
      charged.amount,
      `cent for ${charged.attempts} attempts, each set once by its own record`,
    ],
    [
      'missing',
      missing.amount,
      `cent of ${missing.attempts} attempts that "callstate overdue --why data" lists`,
    ],
    [
      'untold',
      untold.amount,
      `cent of ${untold.attempts} of ${truth.totals.corrections} corrections, whose webhook was lost`,
    ],
  ]
}

function moneyVerdict({ money }: View): string {
  const { truth, wrong } = money
  const cents = `${centText(truth.amount)} cent of ${truth.attempts} attempts`
  return addsUp(money)
    ? styleText('green', `Charged, missing and untold are together what is true: ${cents}.`)
    : styleText(
        'red',
        `True are ${cents}: ${wrong} of them are neither charged nor listed, or both.`,
      )
}

function centText(amount: number): string {
  return amount.toLocaleString('en', { maximumFractionDigits: 2 })
}

function providersText({ truth }: View): string {
  const names = [...new Set(truth.calls.map(({ provider }) => provider))]
  return names
    .map((name) => `${truth.calls.filter(({ provider }) => provider === name).length} of ${name}`)
    .join(', ')
}
