import { styleText } from 'node:util'
import { textTable } from '@callstate/checks/table'
import type { View } from './beliefs.ts'
import type { World } from './world.ts'

/** What came of a run, for a person. */
export function reportText(view: View, { heard, asked }: World): string {
  const { truth, disagreements } = view
  const { totals } = truth
  const all = [...truth.calls.flatMap(({ deliveries }) => deliveries), ...truth.deliveries]
  const lastWords = all.filter(({ isFinal, outcome }) => isFinal && outcome === 'lost').length
  const naive = truth.calls.filter(
    ({ provider, id, status }) => heard.latest.get(`${provider} ${id}`) !== status,
  ).length
  const figures: readonly (readonly [string, number, string])[] = [
    ['calls', totals.calls, providersText(view)],
    ['webhooks', totals.deliveries, 'made by the providers'],
    ['lost', totals.outcomes.lost, `never arrived; ${lastWords} of them the last word on a call`],
    ['heard', heard.webhooks, 'requests that reached the service'],
    ['duplicates', heard.duplicates, 'told nothing new, and changed nothing'],
    ['late', heard.late, 'told of a status that the call had passed'],
    ['asked', asked.asked, `questions about silent calls; ${asked.news} answers healed a loss`],
    ['naive', naive, 'calls would be wrong if the latest webhook were taken for the truth'],
    ['wrong', disagreements.length, "calls whose status in the tracker is not the providers'"],
  ]
  const rows = figures.map(([name, figure, what]) => [name, figure.toLocaleString('en'), what])
  return `${textTable(['', '', ''], rows).split('\n').slice(2).join('\n')}\n\n${verdict(view)}\n`
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

function providersText({ truth }: View): string {
  const names = [...new Set(truth.calls.map(({ provider }) => provider))]
  return names
    .map((name) => `${truth.calls.filter(({ provider }) => provider === name).length} of ${name}`)
    .join(', ')
}
