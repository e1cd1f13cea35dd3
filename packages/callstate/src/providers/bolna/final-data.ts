import { readNumber } from '../fields.ts'
import type { FinalSources } from '../final-data.ts'
import { isBolnaMessage } from './message.ts'

/**
 * Where Bolna's records hold what is final. `total_cost` is in cents (stated in its OpenAPI document; in
 * which currency is not), a number or one as text. The extraction has three names: `extracted_data` is
 * documented; `agent_extraction` was seen as an object and as JSON text, `custom_extractions` as null only.
 */
export const bolnaFinalData = {
  cost(body) {
    const cents = isBolnaMessage(body) ? readNumber(body.total_cost) : null
    return cents === null ? null : { amount: cents, currency: null, unit: 'cent' }
  },
  recording: ['/telephony_data/recording_url'],
  transcript: ['/transcript'],
  extraction: ['/extracted_data', '/agent_extraction', '/custom_extractions'],
} as const satisfies FinalSources
