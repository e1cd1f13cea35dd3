import type { Call } from '../../call.ts'
import { observe } from '../../observe.ts'
import type { Provider } from '../../providers/provider.ts'
import { checkTransition } from '../../transition.ts'
import { eventsOf } from '../events.ts'
import { allLegalPaths } from '../legal-path.ts'
import { type ConformanceCheck, fail } from './samples.ts'

/** The provider's own lifecycle, on the strict side and on the tolerant one. */
export function legalityChecks(provider: Provider): readonly ConformanceCheck[] {
  return [
    {
      name: 'strict and tolerant agree step by step over its legal paths',
      proves:
        'law 7 for this provider: what `checkTransition` allows, `observe` takes as a step forward',
      run: () => bothSidesAgree(provider),
    },
  ]
}

function bothSidesAgree(provider: Provider): void {
  for (const path of allLegalPaths({ provider })) {
    let call: Call | undefined
    for (const [place, event] of eventsOf(path).entries()) {
      const { status } = event
      const before = path[place - 1]
      const where = `on the legal path ${path.slice(0, place + 1).join(', ')}`
      const check = before === undefined ? null : checkTransition(before, status, { provider })
      if (check?.ok === false) fail(provider, `${where} the last move is refused: ${check.reason}`)
      const { call: next, decision } = observe(call, event, { provider })
      const isForward = decision.kind === 'advanced' && decision.skipped.length === 0
      const isRevisited = decision.kind === 'duplicate' && path.indexOf(status) < place
      if (next.status !== status || !(isForward || isRevisited)) {
        fail(provider, `${where} the last event is ${decision.kind}, and the call ${next.status}`)
      }
      call = next
    }
  }
}
