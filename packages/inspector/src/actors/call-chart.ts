import {
  CALL_STATUSES,
  canTransition,
  isCallStatus,
  type OwnLifecycle,
  type ProviderMove,
} from 'callstate'
import { type CallMachine, callMachine, createCallMachine } from 'callstate/machine'
import { type Definition, fieldsOf } from './inspection-message.ts'

/** What judges the events of an actor that is a call. */
export interface CallChart {
  /** Whose moves are legal; undefined for the table of all statuses. */
  readonly provider: OwnLifecycle | undefined
  readonly machine: CallMachine
}

/**
 * The chart of a call's machine: `callMachine`, under whatever name, or one that `createCallMachine` made
 * for a provider, which is named `call` and has no state but statuses of the table. Null for every other
 * machine. The same definition gives the same object. Pure.
 */
export function callChartOf(definition: Definition | null): CallChart | null {
  if (definition === null) return null
  const known = CHARTS.get(definition)
  if (known !== undefined) return known
  const made = readChart(definition)
  CHARTS.set(definition, made)
  return made
}

const CHARTS = new WeakMap<Definition, CallChart | null>()

const WHOLE: CallChart = { provider: undefined, machine: callMachine }

function readChart({ id, states, chart }: Definition): CallChart | null {
  const isOfStatuses = states.length > 0 && states.every(isCallStatus)
  const isWhole = isOfStatuses && states.length === CALL_STATUSES.length
  if (!isOfStatuses || (!isWhole && id !== callMachine.id)) return null
  // Of a chart that was not kept, nobody can tell the moves.
  if (chart === null) return WHOLE
  const provider = {
    lacks: CALL_STATUSES.filter((status) => !states.includes(status)),
    moves: movesIn(chart),
  }
  return isWhole && provider.moves.every(isOfTable)
    ? WHOLE
    : { provider, machine: createCallMachine(provider) }
}

function isOfTable({ from, to }: ProviderMove): boolean {
  return canTransition(from, to)
}

/** The moves between statuses that a chart draws. */
function movesIn(chart: unknown): readonly ProviderMove[] {
  const states = Object.entries(fieldsOf(fieldsOf(chart)['states']))
  return states.flatMap(([from, state]) =>
    Object.keys(fieldsOf(fieldsOf(state)['on'])).flatMap((to) =>
      isCallStatus(from) && isCallStatus(to) && from !== to
        ? [{ from, to, mark: 'inferred' as const, source: null }]
        : [],
    ),
  )
}
