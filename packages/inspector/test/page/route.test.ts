import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GROUP_CHOICES, STATUS_CHOICES } from '../../page/src/call-filter.ts'
import { CALL_ORDERS } from '../../page/src/call-order.ts'
import { HOME, parseRoute, type Route, routeHash } from '../../page/src/route.ts'

describe('the address of a view', () => {
  it('reads back as the view that it was made from', () => {
    fc.assert(
      fc.property(route(), (view) => {
        expect(parseRoute(routeHash(view))).toEqual(view)
      }),
    )
  })

  it('opens the whole page where it is empty, cut off, or of another age', () => {
    for (const hash of ['', '#', '#/', '#/elsewhere', '#/calls/', '#/calls/%E0%A4?step=1']) {
      expect(parseRoute(hash), hash).toEqual(HOME)
    }
    expect(parseRoute('#/?status=ring&group=x&order=up&step=2')).toEqual(HOME)
  })

  it('has no step but a whole number from 1 on', () => {
    for (const step of ['0', '-1', '1.5', 'x', '', '1e99']) {
      expect(parseRoute(`#/calls/a?step=${step}`).step, step).toBeNull()
    }
    expect(parseRoute('#/calls/a?step=1').step).toBe(1)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => parseRoute(text)).not.toThrow()
        expect(() => parseRoute(`#/calls/${text}`)).not.toThrow()
      }),
    )
  })
})

function route(): fc.Arbitrary<Route> {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 })
  return fc
    .record({
      call: fc.option(text.filter((key) => key !== '')),
      step: fc.option(fc.integer({ min: 1, max: 999 })),
      filter: fc.record({
        query: text,
        status: fc.option(fc.constantFrom(...STATUS_CHOICES)),
        group: fc.option(fc.constantFrom(...GROUP_CHOICES)),
        provider: fc.option(text.filter((name) => name !== '')),
        overdue: fc.boolean(),
        findings: fc.boolean(),
      }),
      order: fc.constantFrom(...CALL_ORDERS),
    })
    .map((view) => (view.call === null ? { ...view, step: null } : view))
}
