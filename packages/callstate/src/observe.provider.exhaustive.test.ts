import { test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { reportCases } from '../test/report.ts'
import {
  CALL_STATUSES,
  type CallStatus,
  isTerminal,
  nextStatuses,
  type OwnLifecycle,
} from './index.ts'
import { startsOf } from './internal/index.ts'

test('law 7: every path without repeats, of every provider that lacks one or two statuses', () => {
  let cases = 0
  for (const [place, one] of CALL_STATUSES.entries()) {
    for (const other of CALL_STATUSES.slice(place)) {
      const provider = { lacks: [one, other] }
      for (const path of completePaths(provider)) {
        expectAgreement(provider, path)
        cases++
      }
    }
  }
  reportCases('legal paths of providers that lack one or two statuses', cases)
})

/** Every legal path of the provider from a start to an end that repeats no status. */
function completePaths(provider: OwnLifecycle): readonly (readonly CallStatus[])[] {
  const paths: CallStatus[][] = []
  const walk = (path: CallStatus[]) => {
    const last = path.at(-1) as CallStatus
    if (isTerminal(last)) paths.push(path)
    for (const next of nextStatuses(last, { provider })) {
      if (!path.includes(next)) walk([...path, next])
    }
  }
  for (const direction of ['outbound', 'inbound'] as const) {
    for (const start of startsOf(direction, provider)) walk([start])
  }
  return paths
}
