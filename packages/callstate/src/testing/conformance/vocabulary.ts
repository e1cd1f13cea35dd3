import { CALL_STATUSES, type CallStatus, TERMINAL_STATUSES } from '../../lifecycle.ts'
import { leadsOn, lifecycleOf, nextIn, pathIn } from '../../own-lifecycle.ts'
import type { Provider } from '../../providers/provider.ts'
import { isCallStatus, isTerminal } from '../../status.ts'
import { readSamples } from './opened-samples.ts'
import { type ConformanceCheck, fail, type ProviderSamples } from './samples.ts'

/** What the provider says of its words, its statuses and its moves through them. */
export function vocabularyChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  return [
    {
      name: 'every status word leads to one of the 16 statuses and says what it loses',
      proves:
        'that no word is guessed at, and that a reader learns what the translation leaves open',
      run: () => everyWordLeadsToStatus(provider),
    },
    {
      name: 'every one of the 16 statuses is said in a word or a sample, or is one that it lacks',
      proves: 'that `lacks` tells the truth: from it follow the legal moves and what was skipped',
      run: () => everyStatusIsSaidOrLacked(provider, samples),
    },
    {
      name: 'its moves lead on, between statuses that it has, and say how they are known',
      proves: 'that what a diagram and a refusal show as documented has a document',
      run: () => movesAreSensible(provider),
    },
    {
      name: 'an end can be reached from each of its statuses',
      proves: 'that no status is a dead end, in which a call would be tracked for ever',
      run: () => everyStatusLeadsToEnd(provider),
    },
    {
      name: 'its habits speak of statuses that it has',
      proves: 'that nothing is declared of statuses which the provider never says',
      run: () => habitsAreSensible(provider),
    },
  ]
}

function everyWordLeadsToStatus(provider: Provider): void {
  const words = Object.entries(provider.statuses)
  if (words.length === 0) fail(provider, 'it has no status word at all')
  for (const [word, { status, loss }] of words) {
    if (!isCallStatus(status)) fail(provider, `the word "${word}" leads out of the table`)
    if (loss !== null && (typeof loss !== 'string' || loss.trim() === '')) {
      fail(provider, `the word "${word}" must say what it loses, or null where it loses nothing`)
    }
  }
}

async function everyStatusIsSaidOrLacked(
  provider: Provider,
  samples: ProviderSamples,
): Promise<void> {
  const read = await readSamples(provider, samples)
  const said = new Set<CallStatus | null>([
    ...Object.values(provider.statuses).map(({ status }) => status),
    ...read.flatMap(({ reading }) =>
      reading.type === 'events' ? reading.events.map(({ status }) => status) : [],
    ),
  ])
  for (const status of CALL_STATUSES) {
    const isLacked = provider.lacks.includes(status)
    if (isLacked && said.has(status)) fail(provider, `it is said to lack ${status}, and says it`)
    if (!isLacked && !said.has(status)) {
      fail(provider, `${status} has no word and no sample; add it to lacks, or add a sample`)
    }
  }
}

const MARKS: readonly unknown[] = ['stated', 'observed', 'inferred']

function movesAreSensible(provider: Provider): void {
  const lifecycle = lifecycleOf(provider)
  const known = new Set<string>()
  for (const { from, to, mark, source } of provider.moves) {
    const move = `its move from ${from} to ${to}`
    if (lifecycle[from] === undefined || lifecycle[to] === undefined) {
      fail(provider, `${move} names a status that it lacks`)
    }
    if (known.has(move)) fail(provider, `${move} is declared twice`)
    known.add(move)
    if (!nextIn(lifecycle, from).includes(to) || !leadsOn(from, to)) {
      fail(provider, `${move} comes back or leaves an end; say such a pair in habits.reportsBoth`)
    }
    if (!MARKS.includes(mark)) fail(provider, `${move} says not how it is known`)
    const isSourced = typeof source === 'string' && source.trim() !== ''
    if (mark !== 'inferred' && !isSourced) fail(provider, `${move} is ${mark}, but names no source`)
  }
}

function everyStatusLeadsToEnd(provider: Provider): void {
  const lifecycle = lifecycleOf(provider)
  const ends = TERMINAL_STATUSES.filter((end) => lifecycle[end] !== undefined)
  for (const status of CALL_STATUSES) {
    if (lifecycle[status] === undefined) continue
    if (ends.some((end) => pathIn(lifecycle, [status], end) !== null)) continue
    fail(provider, `no end can be reached from ${status}; add the move that leads to one`)
  }
}

function habitsAreSensible(provider: Provider): void {
  const { reportsBoth, budgetsMs, neverRetried, retryPolicy, final } = provider.habits
  const has = (status: string) => isCallStatus(status) && !provider.lacks.includes(status)
  const named: readonly (readonly [habit: string, status: string])[] = [
    ...reportsBoth.flat().map((status) => ['reportsBoth', status] as const),
    ...(retryPolicy?.retryOn ?? []).map((status) => ['retryPolicy', status] as const),
    ...Object.keys(final).map((status) => ['final', status] as const),
    ...Object.keys(budgetsMs)
      .filter((status) => status !== 'retry')
      .map((status) => ['budgetsMs', status] as const),
  ]
  for (const [habit, status] of named) {
    if (!has(status)) fail(provider, `${habit} names ${status}, which it never says`)
  }
  for (const [status, budget] of Object.entries(budgetsMs)) {
    const isTime = budget === null || (Number.isFinite(budget) && budget > 0)
    if (!isTime) fail(provider, `the budget of ${status} is no time in milliseconds and not null`)
  }
  for (const [habit, statuses] of [
    ['neverRetried', neverRetried],
    ['final', Object.keys(final)],
  ] as const) {
    const strange = statuses.find((status) => !isTerminal(status))
    if (strange !== undefined) fail(provider, `${habit} names ${strange}, which is no end`)
  }
}
