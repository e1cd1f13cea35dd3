import { ENDS, type Said } from './till.fixture.ts'

/** What is left out of what is kept. */
export type Dropped = 'cost' | 'secs' | 'file'

/** What is true of an attempt. */
export interface Truth {
  readonly end: string | null
  readonly cost: number | null
  readonly ms: number | null
  /** The message with the recording. */
  readonly file: Said | null
  readonly missing: readonly string[]
}

/**
 * What makes two deliveries of the till one message, as the documents have it: everything, as far as it is
 * kept; of what is not kept what the event says, and what can be final, of a recording that there is one.
 */
export function identityOf(said: Said, dropped: readonly Dropped[]): string {
  const { id, word, kind, attempt, at, seq, cost, secs, file, earlier } = said
  const brings = canBeFinal(said)
  const kept = {
    cost: dropped.includes('cost') && !brings ? null : cost,
    secs: dropped.includes('secs') && word === 'note' ? null : secs,
    file: dropped.includes('file') ? brings && Boolean(file) : file,
  }
  return JSON.stringify([id, word, kind, attempt, at, seq, earlier, kept])
}

/** The same once the call was forgotten: then nothing is kept but the event and what can be final. */
export function forgottenIdentityOf(said: Said): string {
  const { word, attempt, at, seq, cost, secs, file, earlier } = said
  const ms = word === 'note' ? null : secs
  const final = canBeFinal(said) ? [cost, Boolean(file), ms] : [null, false, null]
  return JSON.stringify([word, attempt, at, seq, earlier, ms, ...final])
}

function canBeFinal({ word, kind }: Said): boolean {
  return word === 'note' || (kind !== 'list-item' && isEnd(word))
}

function isEnd(word: string): boolean {
  return ENDS.some((end) => end === word)
}

/**
 * The attempt of a message, by the ones that were heard with an attempt: the latest that had begun at its
 * time. Of messages without an attempt all have a time here, wherever others have one.
 */
function attemptOf(said: Said, heard: readonly Said[]): number {
  if (said.attempt !== null) return said.attempt
  const begins = new Map<number, number>()
  for (const { attempt, word, at } of heard) {
    if (attempt === null || word === 'note') continue
    begins.set(attempt, Math.min(begins.get(attempt) ?? Number.POSITIVE_INFINITY, at ?? 0))
  }
  const begun = [...begins].filter(([, at]) => at <= (said.at ?? 0)).map(([attempt]) => attempt)
  if (begun.length > 0) return Math.max(...begun)
  return begins.size === 0 ? 1 : Math.max(1, Math.min(...begins.keys()) - 1)
}

/**
 * The second model: looks at all messages at once, attempt by attempt. What an attempt has come to, what
 * is final and what is expected is written out here as the documents have it, not as the code has it.
 */
export function truthOf(heard: readonly Said[]): ReadonlyMap<number, Truth> {
  const truth = new Map<number, Truth>()
  // A value belongs to the attempt into which its message was read when it came; what a status tells, to the
  // one into which it is read by all that is known.
  const placed = heard.map((said, place) => ({
    said,
    of: attemptOf(said, heard.slice(0, place + 1)),
    now: attemptOf(said, heard),
  }))
  const statuses = placed.filter(({ said }) => said.word !== 'note')
  const latest = Math.max(
    1,
    ...statuses.flatMap(({ said, now }) => [now, said.earlier?.attempt ?? now]),
  )
  for (const attempt of [1, 2, 3]) {
    const own = placed.filter(({ of }) => of === attempt).map(({ said }) => said)
    const words = [
      ...placed.filter(({ now }) => now === attempt).map(({ said }) => said.word as string),
      ...heard.flatMap(({ earlier, word }) =>
        earlier?.attempt === attempt && word !== 'note' ? [earlier.word] : [],
      ),
    ]
    const told = endTold(own, words, attempt < latest)
    if (told !== null) truth.set(attempt, told)
  }
  return truth
}

/** What is true of an attempt whose values came with `own`, and of which `words` were told. */
function endTold(
  own: readonly Said[],
  words: readonly string[],
  isSuperseded: boolean,
): Truth | null {
  const wasUp = words.includes('in-progress') || words.includes('call-disconnected')
  const order = wasUp
    ? ['completed', 'failed', 'busy', 'no-answer']
    : ['busy', 'no-answer', 'failed', 'completed']
  const end = order.find((word) => words.includes(word)) ?? null
  const full = own.filter(({ kind }) => kind !== 'list-item')
  // The order in which they came is the last that counts: sorting keeps it.
  const candidates = own
    .filter((said) => said.word === 'note' || (said.word === end && full.includes(said)))
    .toSorted(
      (a, b) =>
        Number(a.attempt !== null) - Number(b.attempt !== null) ||
        (a.at ?? -1) - (b.at ?? -1) ||
        (a.seq ?? -1) - (b.seq ?? -1),
    )
  const isFinal = (field: 'cost' | 'ms' | 'file') =>
    end === 'completed' ||
    (end === 'failed' && field !== 'ms') ||
    (end === 'busy' && field === 'cost')
  const cost = isFinal('cost') ? candidates.findLast((one) => one.cost !== null) : undefined
  const ms = isFinal('ms')
    ? candidates.findLast((one) => one.secs !== null && one.word !== 'note')
    : undefined
  const file = isFinal('file') ? candidates.findLast((one) => one.file) : undefined
  const missing: string[] = []
  if (end === 'completed' && ms === undefined) missing.push('durationMs')
  if (cost === undefined && (end === 'completed' || (end === 'failed' && wasUp)))
    missing.push('cost')
  // Nobody knows how it ended, and nobody will be asked: it may have been an end that costs something.
  if (end === null && isSuperseded) missing.push('cost')
  const hasFinal = (said: Said) =>
    said.cost !== null || said.file || (said.secs !== null && said.word !== 'note')
  const isHeard = own.some((said) => canBeFinal(said) && hasFinal(said))
  if (end === null && !isHeard && missing.length === 0) return null
  const seconds = ms?.secs ?? null
  return {
    end,
    cost: cost?.cost ?? null,
    ms: seconds === null ? null : seconds * 1000,
    file: file ?? null,
    missing,
  }
}
