import { expectTypeOf, test } from 'vitest'
import {
  assertTransition,
  type CallEvent,
  type CallStatus,
  classOf,
  DECISION_KINDS,
  type Decision,
  groupOf,
  type IntermediateStatus,
  isIntermediate,
  isSoftTerminal,
  isTerminal,
  type NextStatus,
  nextStatuses,
  observe,
  parseStatus,
  phaseOf,
  TERMINAL_STATUSES,
  type TerminalStatus,
} from './index.ts'

declare const status: CallStatus
declare const text: string

test('isTerminal splits the statuses into both classes', () => {
  if (isTerminal(status)) expectTypeOf(status).toEqualTypeOf<TerminalStatus>()
  else expectTypeOf(status).toEqualTypeOf<IntermediateStatus>()
  if (isIntermediate(status)) expectTypeOf(status).toEqualTypeOf<IntermediateStatus>()
  if (isSoftTerminal(status)) expectTypeOf(status).toEqualTypeOf<'call-disconnected'>()
  if (isTerminal(text)) expectTypeOf(text).toEqualTypeOf<TerminalStatus>()
})

test('the classes are what they are documented to be', () => {
  expectTypeOf<TerminalStatus>().toEqualTypeOf<
    'completed' | 'balance-low' | 'busy' | 'no-answer' | 'canceled' | 'failed' | 'stopped' | 'error'
  >()
  expectTypeOf<NextStatus<'call-disconnected'>>().toEqualTypeOf<'completed' | 'error'>()
  expectTypeOf<NextStatus<'busy'>>().toEqualTypeOf<never>()
  expectTypeOf(nextStatuses('in-progress')).toEqualTypeOf<
    readonly ('call-disconnected' | 'failed' | 'stopped' | 'error')[]
  >()
  expectTypeOf(phaseOf('ringing')).toEqualTypeOf<'dialing'>()
  expectTypeOf(classOf('ringing')).toEqualTypeOf<'intermediate'>()
  expectTypeOf(groupOf('busy')).toEqualTypeOf<'unanswered'>()
  expectTypeOf(groupOf('scheduled')).toEqualTypeOf<null>()
  expectTypeOf(TERMINAL_STATUSES).toEqualTypeOf<readonly TerminalStatus[]>()
  for (const kind of DECISION_KINDS) expectTypeOf(kind).toEqualTypeOf<Decision['kind']>()
})

test('an event has a status or none, and text from outside becomes one by parseStatus', () => {
  observe(undefined, { status: 'ringing', word: 'RINGING' })
  observe(undefined, { ...parseStatus(text), occurredAt: 0 })
  // @ts-expect-error text is no status: parse it
  observe(undefined, { status: text })
  // @ts-expect-error a word outside the table stands in `word`, beside a null
  observe(undefined, { status: 'transferring' })
  expectTypeOf<CallEvent['status']>().toEqualTypeOf<CallStatus | null>()
})

test('a legal literal move compiles, an illegal one does not', () => {
  assertTransition('ringing', 'in-progress')
  // @ts-expect-error a call that rings cannot be completed next
  assertTransition('ringing', 'completed')
  // @ts-expect-error nothing follows a terminal status
  assertTransition('busy', 'queued')
  // @ts-expect-error the same status is no move
  assertTransition('queued', 'queued')
  // @ts-expect-error not a status
  assertTransition('ringing', 'picked-up')
  // @ts-expect-error not a status
  assertTransition('rining', 'in-progress')
})

test('moves that are known only at run time compile', () => {
  assertTransition(status, status)
  assertTransition(text, text)
  assertTransition('ringing', status)
  assertTransition(status, 'completed')
  assertTransition('ringing', text)
  assertTransition('ringing', 'in-progress' as 'in-progress' | 'completed')
})

test('after assertTransition, text from outside is a status', () => {
  const [to, other, known]: readonly [string, string, CallStatus] = [text, text, status]
  assertTransition('ringing', to)
  expectTypeOf(to).toExtend<CallStatus>()
  assertTransition('ringing', other, { provider: { lacks: ['call-disconnected'] } })
  expectTypeOf(other).toExtend<CallStatus>()
  assertTransition(status, known)
  expectTypeOf(known).toEqualTypeOf<CallStatus>()
})

test('what is illegal in the table may be legal for a provider, so there no literal is refused', () => {
  const provider = { lacks: ['call-disconnected'] as const }
  assertTransition('in-progress', 'completed', { provider })
  expectTypeOf(nextStatuses('in-progress', { provider })).toEqualTypeOf<readonly CallStatus[]>()
})

test('a switch over all statuses needs no default, and one that forgets a status does not compile', () => {
  const label = (end: TerminalStatus): string => {
    switch (end) {
      case 'completed':
        return 'done'
      case 'balance-low':
      case 'busy':
      case 'no-answer':
        return 'unanswered'
      case 'canceled':
      case 'failed':
      case 'stopped':
        return 'unsuccessful'
      default:
        return end satisfies 'error'
    }
  }
  // @ts-expect-error a table that forgets a status
  const forgetful: Record<CallStatus, string> = { queued: 'waiting' }
  expectTypeOf(label).returns.toBeString()
  expectTypeOf(forgetful).toBeObject()
})

test('parsed statuses and decisions are told apart by kind', () => {
  const parsed = parseStatus(text)
  if (parsed.kind === 'unrecognized') expectTypeOf(parsed.status).toEqualTypeOf<null>()
  else expectTypeOf(parsed.status).toEqualTypeOf<CallStatus>()

  const explain = (decision: Decision): string => {
    switch (decision.kind) {
      case 'advanced':
      case 'retried':
        return decision.skipped.join()
      case 'late':
        return decision.status
      case 'duplicate':
        return String(decision.enriched)
      case 'conflicting':
        return decision.conflictsWith
      case 'unrecognized':
        return decision.word
      default:
        return decision satisfies never
    }
  }
  expectTypeOf(explain).returns.toBeString()
})
