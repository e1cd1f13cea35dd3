import type { DeadLetter, Store } from '../../store.ts'
import { at, CONSUMER, claim, claimOf, ref, register } from './consuming.ts'
import { PROVIDER, sampleWrite, write } from './sample-write.ts'
import { checksOf, expectEqual, type StoreConformanceCheck, type StoreSubject } from './subject.ts'

/** Dead letters, and the numbers to watch. */
export function deadLetterChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  return checksOf(subject, {
    'a dead letter is written with the end of its claim': async (store, other) => {
      await fill(store, ['a'])
      const [letter] = await other.deadLetters({ limit: 10 })
      const { id, ...rest } = letter ?? { id: null }
      expectEqual(typeof id, 'string', 'the kind of its id')
      const expected = { consumer: CONSUMER, ...ref('a'), sequence: 1, error: 'no "a"', at: at(10) }
      expectEqual(rest, { ...expected, replays: 0, replayAt: null }, 'the dead letter')
      expectEqual(await claim(store, 900), [claimOf('a', 1)], 'the call, after that entry')
    },
    'dead letters come oldest first, in pages, by consumer': lettersArePaged,
    'a letter that somebody asks for is handled again, once': async (store, other) => {
      await fill(store, ['a', 'b'])
      expectEqual(await claimLetters(store, 30), [], 'claims before anybody asked')
      const [a] = await store.deadLetters({ limit: 1 })
      const id = a?.id ?? ''
      expectEqual(await store.reviveDeadLetters(CONSUMER, { id, now: at(40) }), 1, 'the number')
      const [asked] = await store.deadLetters({ limit: 1 })
      expectEqual(asked?.replayAt, at(40), 'when it is to be handled')
      expectEqual(await claimLetters(store, 39.999), [], 'claims just before')
      expectEqual(await claimLetters(store, 40, 50), ['a'], 'claims when it was asked')
      expectEqual(await claimLetters(other, 49.999), [], 'claims of another one')
      expectEqual(await claimLetters(other, 50, 60), ['a'], 'claims when the first one ended')
    },
    'asking again does not give a claimed letter to another': async (store) => {
      await fill(store, ['a'])
      expectEqual(await store.reviveDeadLetters(CONSUMER, { now: at(40) }), 1, 'the number')
      await claimLetters(store, 40, 50)
      expectEqual(await store.reviveDeadLetters(CONSUMER, { now: at(41) }), 0, 'the second time')
      expectEqual(await claimLetters(store, 45), [], 'claims')
    },
    'all letters of a consumer may be asked for, and only of that one': async (store) => {
      await fill(store, ['a', 'b'])
      await fill(store, ['c'], 'other')
      const [letter] = await store.deadLetters({ consumer: 'other', limit: 1 })
      const foreign = { id: letter?.id ?? '', now: at(40) }
      expectEqual(await store.reviveDeadLetters(CONSUMER, foreign), 0, 'by the id of another’s')
      expectEqual(await store.reviveDeadLetters(CONSUMER, { id: 'none', now: 0 }), 0, 'by no id')
      expectEqual(await store.reviveDeadLetters(CONSUMER, { now: at(40) }), 2, 'all')
      expectEqual(await claimLetters(store, 50, 60, 1), ['a'], 'the first')
      expectEqual(await claimLetters(store, 50, 60), ['b'], 'the other')
      expectEqual(
        await claimLetters(store, 50, 60, 10, 'other'),
        [],
        'claims of the other consumer',
      )
    },
    'an id that only begins like one of a letter, or reads like it, finds none': async (store) => {
      const [id = ''] = await fill(store, ['a'])
      const before = await store.deadLetters({ limit: 10 })
      for (const other of [`${id}; typo`, `${id}.0`, ` ${id}`, `0${id}`, `${id}\n`, '', '-1']) {
        const revived = await store.reviveDeadLetters(CONSUMER, { id: other, now: at(40) })
        expectEqual(revived, 0, 'the number of revived letters')
        await store.endDeadLetter(other, { handled: true })
        await store.endDeadLetter(other, { handled: false, error: 'late', at: at(99) })
        expectEqual(await store.deadLetters({ limit: 10 }), before, 'the letters')
      }
    },
    'a letter that was handled is gone': async (store) => {
      const [id = ''] = await fill(store, ['a', 'b'])
      await store.reviveDeadLetters(CONSUMER, { now: at(40) })
      await claimLetters(store, 40)
      await store.endDeadLetter(id, { handled: true })
      const left = await store.deadLetters({ limit: 10 })
      expectEqual(left.map(callOf), ['b'], 'what is left')
      await store.endDeadLetter(id, { handled: false, error: 'late', at: at(99) })
      expectEqual(await store.deadLetters({ limit: 10 }), left, 'what is left after a late answer')
      const [b = ''] = left.map((letter) => letter.id)
      await store.endDeadLetter(b, { handled: true })
      const [c] = await fill(store, ['c'])
      expectEqual([id, b].includes(c ?? ''), false, 'whether an id is used again')
    },
    'a letter that fails again is set aside again': async (store) => {
      const [id = ''] = await fill(store, ['a'])
      const [before] = await store.deadLetters({ limit: 10 })
      await store.reviveDeadLetters(CONSUMER, { now: at(40) })
      await claimLetters(store, 40, 50)
      await store.endDeadLetter(id, { handled: false, error: 'again', at: at(45) })
      const after = { ...before, error: 'again', at: at(45), replays: 1, replayAt: null }
      expectEqual(await store.deadLetters({ limit: 10 }), [after], 'the letter')
      expectEqual(await claimLetters(store, 900), [], 'claims')
      expectEqual(await store.reviveDeadLetters(CONSUMER, { now: at(901) }), 1, 'asked again')
    },
    'the numbers say what is overdue, unhandled and dead': numbersAreRight,
  })
}

/** Sets the first entry of each call aside, in this order: calls with two entries. Gives the ids. */
async function fill(
  store: Store,
  names: readonly string[],
  consumer = CONSUMER,
): Promise<readonly string[]> {
  await register(store, 'now', consumer)
  const ids: string[] = []
  for (const [place, name] of names.entries()) {
    await write(store, name, { statuses: ['queued', 'ringing'], at: at(1) })
    await claim(store, 5, { consumer })
    const deadLetter = { sequence: 1, error: `no "${name}"`, at: at(10 + place) }
    const end = { position: 1, tries: 0, nextAt: at(20), deadLetter }
    await store.endClaim(consumer, ref(name), 'worker', end)
    const letters = await store.deadLetters({ consumer, limit: 100 })
    ids.push(letters.find(({ callId }) => callId === name)?.id ?? '')
  }
  return ids
}

async function claimLetters(
  store: Store,
  now: number,
  until = now + 60,
  limit = 10,
  consumer = CONSUMER,
): Promise<readonly string[]> {
  const letters = await store.claimDeadLetters(consumer, { now: at(now), until: at(until), limit })
  return letters.map(callOf)
}

async function lettersArePaged(store: Store): Promise<void> {
  await register(store, 'now')
  const names = Array.from({ length: 12 }, (_, place) => `c-${place}`)
  await store.append(
    names.map((name) => sampleWrite(name, { at: at(1) })),
    { now: at(1) },
  )
  await claim(store, 5, { limit: 100 })
  for (const [place, name] of names.entries()) {
    // Three letters at each time.
    const deadLetter = { sequence: 1, error: 'failed', at: at(60 - Math.floor(place / 3)) }
    const end = { position: 1, tries: 0, nextAt: at(20), deadLetter }
    await store.endClaim(CONSUMER, ref(name), 'worker', end)
  }
  await fill(store, ['of-another'], 'other')
  const whole = await store.deadLetters({ consumer: CONSUMER, limit: 100 })
  expectEqual(whole.map(callOf).toSorted(), names.toSorted(), 'the letters')
  const times = whole.map((letter) => letter.at)
  expectEqual(
    times,
    times.toSorted((a, b) => a - b),
    'their times',
  )
  const paged: DeadLetter[] = []
  for (let page = whole.slice(0, 1); page.length > 0 && paged.length <= whole.length; ) {
    page = [
      ...(await store.deadLetters({ consumer: CONSUMER, after: paged.at(-1) ?? null, limit: 5 })),
    ]
    paged.push(...page)
  }
  expectEqual(paged, whole, 'the same letters in pages')
  const all = await store.deadLetters({ limit: 100 })
  expectEqual(all.length, names.length + 1, 'the number of letters of all consumers')
}

async function numbersAreRight(store: Store): Promise<void> {
  const nothing = await store.counts({ now: at(0) })
  expectEqual([...nothing.overdue, ...nothing.consumers], [], 'the numbers of an empty store')
  await register(store, 'now')
  await register(store, 'now', 'idle')
  await store.removeConsumer('idle')
  await write(store, 'a', { dueAt: at(10), at: at(1) })
  await write(store, 'b', { dueAt: at(20), dataDueAt: at(8), at: at(2) })
  await write(store, 'c', { dueAt: null, dataDueAt: at(15), at: at(3) })
  await write(store, 'd', { dueAt: at(5), at: at(4), provider: 'other' })
  await register(store, 'now', 'late')
  const early = await store.counts({ now: at(10) })
  const overdue = { acme: { silent: 1, data: 1 }, other: { silent: 1, data: 0 } }
  expectEqual(new Map(early.overdue), new Map(Object.entries(overdue)), 'overdue')
  const ofOurs = [
    [PROVIDER, { waiting: 3, oldestDueAt: at(1), deadLetters: 0 }],
    ['other', { waiting: 1, oldestDueAt: at(4), deadLetters: 0 }],
  ] as const
  const expected = new Map<string, unknown>([
    [CONSUMER, new Map<string, unknown>(ofOurs)],
    ['late', new Map()],
  ])
  expectEqual(new Map(early.consumers), expected, 'consumers')

  await claim(store, 1, { until: 2 })
  const deadLetter = { sequence: 1, error: 'failed', at: at(2) }
  const end = { position: 1, tries: 0, nextAt: at(2), deadLetter }
  await store.endClaim(CONSUMER, ref('a'), 'worker', end)
  await claim(store, 2, { until: 30, limit: 1 })
  await store.keepClaim(CONSUMER, ref('b'), 'worker', { position: 1, until: at(30) })
  const later = await store.counts({ now: at(20) })
  const ofOne = { silent: 2, data: 2 }
  expectEqual(later.overdue.get('acme'), ofOne, 'overdue calls of one provider, later')
  const after = { waiting: 1, oldestDueAt: at(3), deadLetters: 1 }
  expectEqual(later.consumers.get(CONSUMER)?.get(PROVIDER), after, 'the consumer, later')
}

function callOf({ callId }: DeadLetter): string {
  return callId
}
