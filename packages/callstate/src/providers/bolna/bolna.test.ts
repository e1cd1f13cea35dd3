import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, checkTransition, lifecycleOf } from '../../index.ts'
import { bolna } from './index.ts'
import { BOLNA_BATCH_STATUSES, BOLNA_TRANSFER_STATUSES, isBolnaBatchStatus } from './reference.ts'

describe('the provider', () => {
  test("Bolna's words are the 16 statuses, and nothing is lost", () => {
    expect(Object.keys(bolna.statuses).toSorted()).toEqual(CALL_STATUSES.toSorted())
    for (const status of CALL_STATUSES) {
      expect(bolna.statuses[status]).toEqual({ status, loss: null })
    }
    expect(bolna.lacks).toEqual([])
  })

  test('its lifecycle is the table, with its marks and sources', () => {
    for (const from of CALL_STATUSES) {
      for (const to of CALL_STATUSES) {
        expect(checkTransition(from, to, { provider: bolna })).toEqual(checkTransition(from, to))
      }
    }
    expect(lifecycleOf(bolna)).toEqual(lifecycleOf({ moves: bolna.moves }))
    expect(lifecycleOf(bolna).queued?.next.initiated?.mark).not.toBe('inferred')
  })

  test('delivers without order, signature, identifier or number, from published addresses', () => {
    const { ordered, repeats, eventIdField, sequenceField, sourceAddresses } = bolna.delivery
    expect({ ordered, repeats, eventIdField, sequenceField }).toEqual({
      ordered: false,
      repeats: true,
      eventIdField: null,
      sequenceField: null,
    })
    expect(bolna.origin).toEqual([])
    // One from the older pages, two from the newer ones beside it.
    expect(sourceAddresses).toHaveLength(3)
    for (const address of sourceAddresses) expect(address).toMatch(/^13(\.\d{1,3}){3}$/)
  })
})

describe('vocabularies beside that of calls', () => {
  test('a batch status is what any of the lists names', () => {
    for (const list of Object.values(BOLNA_BATCH_STATUSES)) {
      for (const word of list) expect(isBolnaBatchStatus(word)).toBe(true)
    }
    for (const word of ['ringing', 'canceled', 'busy', '', null, undefined, 7]) {
      expect(isBolnaBatchStatus(word)).toBe(false)
    }
  })

  test('a transferred call knows eleven of the sixteen', () => {
    const missing = ['scheduled', 'prepared', 'rescheduled', 'stopped', 'error']
    expect(BOLNA_TRANSFER_STATUSES.toSorted()).toEqual(
      CALL_STATUSES.filter((status) => !missing.includes(status)).toSorted(),
    )
  })
})
