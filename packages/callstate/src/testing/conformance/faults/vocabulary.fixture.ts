import type { CallStatus } from '../../../index.ts'
import type { Provider, ProviderDeclaration } from '../../../providers/index.ts'
import { broken, type Fault } from '../fault.fixture.ts'
import { acme } from '../honest.fixture.ts'

type Move = Provider['moves'][number]
type Habits = ProviderDeclaration['habits']

const stated = { mark: 'stated', source: 'https://acme.example/calls' } as const

/** A provider that lacks nothing any more once its lifecycle was worked out and its paths begin. */
function restless(): Provider {
  let looks = 0
  return Object.defineProperty({ ...acme }, 'lacks', {
    get: () => (looks++ < 4 ? acme.lacks : []),
  })
}

export const VOCABULARY_FAULTS: readonly Fault[] = [
  ...(
    [
      [{ ...acme.statuses, HOLD: { status: 'in-progress', loss: ' ' } }, /"HOLD" must say what it/],
      [{ ...acme.statuses, HOLD: { status: 'on-hold', loss: null } }, /"HOLD" leads out of the/],
      [{}, /no status word at all/],
    ] as const
  ).map(([statuses, says]) => ({
    check: 'every status word leads to one of the 16 statuses and says what it loses',
    provider: broken('statuses', statuses),
    says,
  })),
  ...(
    [
      [acme.lacks.filter((status) => status !== 'failed'), /failed has no word and no sample/],
      [[...acme.lacks, 'busy'], /said to lack busy, and says it/],
    ] satisfies readonly (readonly [readonly CallStatus[], RegExp])[]
  ).map(([lacks, says]) => ({
    check: 'every one of the 16 statuses is said in a word or a sample, or is one that it lacks',
    provider: { lacks },
    says,
  })),
  ...(
    [
      [[{ from: 'queued', to: 'ringing', ...stated }], /to ringing names a status that it lacks/],
      [[...acme.moves, ...acme.moves], /from queued to initiated is declared twice/],
      [[{ from: 'in-progress', to: 'queued', ...stated }], /to queued comes back or leaves an end/],
      [[{ from: 'busy', to: 'completed', ...stated }], /busy to completed comes back or leaves/],
      [
        [{ from: 'queued', to: 'initiated', mark: 'heard' as 'stated', source: null }],
        /initiated says not how it is known/,
      ],
      [
        [{ from: 'queued', to: 'initiated', mark: 'observed', source: ' ' }],
        /is observed, but names no source/,
      ],
    ] satisfies readonly (readonly [readonly Move[], RegExp])[]
  ).map(([moves, says]) => ({
    check: 'its moves lead on, between statuses that it has, and say how they are known',
    provider: { moves },
    says,
  })),
  {
    check: 'an end can be reached from each of its statuses',
    provider: { lacks: [...acme.lacks, 'completed'] },
    says: /no end can be reached from in-progress/,
  },
  ...(
    [
      [{ reportsBoth: [['busy', 'ringing']] }, /reportsBoth names ringing, which it never says/],
      [
        {
          retryPolicy: {
            maxAttempts: 2,
            retryOn: ['no-answer'],
            retryOnVoicemail: false,
            delaysMs: [1000],
          },
        },
        /retryPolicy names no-answer, which it never says/,
      ],
      [{ final: { error: { final: [], expected: [] } } }, /final names error, which it never says/],
      [{ budgetsMs: { ringing: 1000 } }, /budgetsMs names ringing, which it never says/],
      [{ budgetsMs: { queued: -1 } }, /budget of queued is no time in milliseconds/],
      [{ neverRetried: ['queued' as 'busy'] }, /neverRetried names queued, which is no end/],
    ] satisfies readonly (readonly [Habits, RegExp])[]
  ).map(([habits, says]) => ({
    check: 'its habits speak of statuses that it has',
    provider: { habits: { ...acme.habits, ...habits } },
    says,
  })),
  {
    check: 'strict and tolerant agree step by step over its legal paths',
    provider: restless(),
    says: /on the legal path rescheduled the last event is advanced, and the call rescheduled/,
  },
]
