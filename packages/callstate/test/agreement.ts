import { expect } from 'vitest'
import { type CallStatus, type OwnLifecycle, observe, replay } from '../src/index.ts'

/** Law 7: on this legal path in order, each event advances the call and nothing is skipped. */
export function expectAgreement(provider: OwnLifecycle, path: readonly CallStatus[]): void {
  let call = replay([]).call
  for (const [place, status] of path.entries()) {
    const event = { status, attempt: 1, occurredAt: 1_767_225_600_000 + 1000 * place }
    const observed = observe(call, event, { provider })
    expect(observed.decision).toEqual({
      kind: 'advanced',
      attempt: 1,
      from: call.status,
      status,
      skipped: [],
    })
    expect(observed.call.status).toBe(status)
    call = observed.call
  }
}
