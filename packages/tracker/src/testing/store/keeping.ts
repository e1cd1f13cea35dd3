import type { HistoryEntry } from '../../calls/tracked-call.ts'
import type { CallWrite, Store } from '../../store.ts'
import { at, claim, claimOf, register, registerWhole } from './consuming.ts'
import { changesAfter } from './following.ts'
import { PROVIDER, rowOf, START_AT, sampleWrite, write } from './sample-write.ts'
import { checksOf, expectEqual, type StoreConformanceCheck, type StoreSubject } from './subject.ts'

/** That what is written is there again: every text, every number, after a migration and a new start. */
export function keepingChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  const checks = checksOf(subject, {
    'migrating again, and twice at once, changes nothing': async (store, other) => {
      const row = await write(store, 'a')
      await Promise.all([store.migrate(), other.migrate(), store.migrate()])
      await store.migrate()
      expectEqual(await rowOf(other, 'a'), row, 'the row')
    },
    'texts come back as they were': textsComeBack,
    'an entry that tells no status comes back without a decision': async (store, other) => {
      const { row, basedOn, entries } = sampleWrite('a')
      const said = { status: null, word: 'recording', kind: 'webhook', eventId: 'e-1' } as const
      const event = { ...said, attempt: null, occurredAt: null, sequence: 7 }
      const payload = '{"url":"x"}'
      const came = { sequence: 2, key: 'data:key-2', receivedAt: START_AT, payload }
      const decided = entries[0]?.decided ?? null
      const data: HistoryEntry = { ...came, type: 'data', event, decision: null, decided }
      const all = [...entries, data]
      await store.append([{ row: { ...row, events: 2 }, basedOn, entries: all }], { now: START_AT })
      expectEqual(await other.history(row), all, 'the history')
      const [known] = await other.load([row])
      expectEqual(known?.keys, ['key-1-ringing', 'data:key-2'], 'the keys')
    },
    'an entry of a call that was folded anew comes back without an event': async (store, other) => {
      const { row, basedOn, entries } = sampleWrite('a')
      const decided = entries[0]?.decided ?? null
      const came = { sequence: 2, key: 'rebuilt:2', receivedAt: START_AT, payload: null, decided }
      const rebuilt: HistoryEntry = { ...came, type: 'rebuilt', event: null, decision: null }
      const all = [...entries, rebuilt]
      await store.append([{ row: { ...row, events: 2 }, basedOn, entries: all }], { now: START_AT })
      expectEqual(await other.history(row), all, 'the history')
    },
    'what was decided comes back as it was, to the last digit, and nothing where nothing was said':
      decidedComesBack,
    'a payload of a megabyte comes back as it was': async (store, other) => {
      const payload = JSON.stringify({ transcript: 'ä"\\'.repeat(250_000) })
      const sample = sampleWrite('a', { payload })
      await store.append([sample], { now: START_AT })
      const [entry] = await other.history(sample.row)
      expectEqual(entry?.payload?.length, payload.length, 'its length')
      expectEqual(entry?.payload === payload, true, 'whether it is the same')
    },
    'times come back exactly, up to the largest whole number': async (store, other) => {
      for (const [place, time] of [0, 1, 2 ** 31, 2 ** 32 + 1, MAX - 1, MAX].entries()) {
        const sample = sampleWrite(`c-${place}`, { at: time, dueAt: time })
        const { row, entries } = sample
        await store.append([sample], { now: START_AT })
        expectEqual(await rowOf(other, row.callId), row, `the row at ${time}`)
        expectEqual(await other.history(row), entries, `the entry at ${time}`)
        const query = { order: 'newest', after: null, limit: 10 } as const
        const found = await other.list({ ...query, openedFrom: time, quietSince: time })
        expectEqual(found, [row], `the list at ${time}`)
      }
    },
    'what is handed out may be kept: later writes do not change it': async (store) => {
      await write(store, 'a')
      const [known] = await store.load([{ provider: 'acme', callId: 'a' }])
      const history = await store.history({ provider: 'acme', callId: 'a' })
      const copy = structuredClone({ known, history })
      await write(store, 'a', { statuses: ['completed'] })
      expectEqual({ known, history }, copy, 'what was handed out')
    },
  })
  return subject.reopen === undefined ? checks : [...checks, ...durableChecks(subject)]
}

const MAX = Number.MAX_SAFE_INTEGER

function durableChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  return [
    {
      name: 'several stores may make the tables at the same time',
      run: async () => {
        const store = await subject.open()
        const others = await Promise.all([1, 2, 3].map(() => subject.reopen?.(store) ?? store))
        try {
          await Promise.all([store, ...others].map((one) => one.migrate()))
          const row = await write(store, 'a')
          for (const other of others) expectEqual(await rowOf(other, 'a'), row, 'the row')
        } finally {
          for (const one of [store, ...others]) await one.close()
        }
      },
    },
    { name: 'everything is there after a new start', run: () => everythingStays(subject) },
  ]
}

async function everythingStays(subject: StoreSubject): Promise<void> {
  const store = await subject.open()
  await store.migrate()
  await register(store, 'now')
  const sample = sampleWrite('a', { statuses: ['queued', 'ringing'], dueAt: at(10), at: at(1) })
  await store.append([sample], { now: START_AT })
  await claim(store, 5)
  const deadLetter = { sequence: 1, error: 'failed', at: at(6) }
  const end = { position: 1, tries: 0, nextAt: at(7), deadLetter }
  await store.endClaim('billing', sample.row, 'worker', end)
  await store.postponePoll(sample.row, { askAt: at(10), at: at(30), asked: 2 })
  const letters = await store.deadLetters({ limit: 10 })
  await store.close()

  const again = await (subject.reopen?.(store) ?? subject.open())
  try {
    await again.migrate()
    expectEqual(await rowOf(again, 'a'), sample.row, 'the row')
    expectEqual(await again.history(sample.row), sample.entries, 'the history')
    expectEqual(await again.deadLetters({ limit: 10 }), letters, 'the dead letters')
    expectEqual(await claim(again, 20), [claimOf('a', 1)], 'the claim')
    const silent = await again.claimSilent({
      provider: PROVIDER,
      now: at(30),
      until: at(40),
      limit: 10,
    })
    expectEqual(silent, [{ row: sample.row, asked: 2 }], 'the silent call')
  } finally {
    await again.close()
  }
}

/** Texts that break what quotes, escapes, cuts or compares them carelessly. */
const TEXTS = [
  `it's "quoted" \\ and \`so\``,
  "'; drop table callstate_calls; --",
  '$1 ? :name @name %s {} []',
  'two\nlines\r\n\tand a tab',
  '📞 ☎️ 👩🏽‍💻 été ÅÅ \u202eright to left',
  '\u2028\u2029\ufeff\uffff\ue000',
  '__proto__',
  'null',
  'x'.repeat(500),
  'Case',
  'case',
  ' case ',
]

/** What JSON can hold beside: a text in an event may have NUL and halves of surrogate pairs. */
const HOSTILE_IN_JSON = ['a\u0000b', '\ud800 half', 'half \udc00', '\\u0000', '\\']

async function decidedComesBack(store: Store, other: Store): Promise<void> {
  const sample = sampleWrite('a', { statuses: ['queued', 'ringing', 'in-progress', 'completed'] })
  const entries = sample.entries.map((entry, place): HistoryEntry => {
    const { decided } = entry
    if (place === 0 || decided === null) return { ...entry, decided: null }
    return { ...entry, decided: { ...decided, dueAt: MAX, facts: decided.facts } }
  })
  const { attempts } = sample.row
  const hostile = attempts.map((one) => ({
    ...one,
    said: HOSTILE_IN_JSON.map((text) => ({
      ...{ message: text, sequence: 1, end: null, isNamed: false, at: -0.5, order: MAX },
      fields: { reason: { value: text } },
    })),
  }))
  const row = { ...sample.row, attempts: [...attempts, ...hostile] }
  await store.append([{ ...sample, row, entries }], { now: START_AT })
  expectEqual(await rowOf(other, 'a'), row, 'the row')
  expectEqual(await other.history(row), entries, 'the history')
}

async function textsComeBack(store: Store, other: Store): Promise<void> {
  const writes = TEXTS.map((text, place): CallWrite => {
    const hostile = HOSTILE_IN_JSON[place % HOSTILE_IN_JSON.length] ?? ''
    const payload = JSON.stringify({ [text]: [text, hostile], [`${hostile}-`]: 1e21 })
    const sample = sampleWrite(text, { payload, statuses: [hostile, text, 'ringing'] })
    const entries = sample.entries.map((entry): HistoryEntry => {
      if (entry.type !== 'event') return entry
      const details = { reason: hostile, word: text, talkMs: MAX }
      const event = { ...entry.event, eventId: text, details }
      return { ...entry, key: `${entry.sequence} ${text}`, event }
    })
    return { ...sample, entries }
  })
  expectEqual(
    new Set(await store.append(writes, { now: START_AT })),
    new Set([true]),
    'what was written',
  )
  const known = await other.load(writes.map(({ row }) => row))
  for (const [place, { row, entries }] of writes.entries()) {
    expectEqual(known[place]?.row, row, 'a row')
    const keys = entries.map(({ key }) => key)
    expectEqual(new Set(known[place]?.keys), new Set(keys), 'its keys')
    expectEqual(await other.history(row), entries, 'its history')
  }
  const followed = await changesAfter(other, '', 5)
  expectEqual(new Set(followed.map(({ callId }) => callId)), new Set(TEXTS), 'the calls of changes')
  for (const text of TEXTS) {
    await registerWhole(store, text, { from: 'start', now: START_AT })
    const options = { now: START_AT, until: START_AT + 1, limit: 100, owner: text, latest: 9e15 }
    const claims = await other.claimCalls(text, options)
    const names = claims.map(({ callId }) => callId)
    expectEqual(new Set(names), new Set(TEXTS), 'the calls of a consumer')
    const deadLetter = { sequence: 1, error: text, at: START_AT }
    const end = { position: 3, tries: 0, nextAt: START_AT, deadLetter }
    const ended = await store.endClaim(text, { provider: 'acme', callId: text }, text, end)
    expectEqual(ended, true, 'the end of a claim')
    const [letter] = await other.deadLetters({ consumer: text, limit: 10 })
    expectEqual([letter?.error, letter?.callId], [text, text], 'a dead letter')
  }
}
