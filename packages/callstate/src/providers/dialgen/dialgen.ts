import { dedupeKeyOf } from '../dedupe-key.ts'
import { defineProvider } from '../provider.ts'
import { parseDialgenEvent } from './event.ts'
import { hasDialgenShape } from './message.ts'
import { DIALGEN_SIGNATURE_HEADER, verifyDialgenSignature } from './signature.ts'
import { DIALGEN_STATUSES, DIALGEN_WORDS } from './status.ts'

/**
 * Dialgen: five statuses, of which webhooks tell the ends alone. What is between comes from the reply
 * to a dial request and from polling the status.
 *
 * `dedupeKey` holds what an event says, but for its reason. Dialgen's own sample uses the call's
 * identifier alone, which would swallow every message after the first. Two attempts that end in the
 * same way, said without a time, have one key: nothing in the messages tells them apart.
 *
 * @example
 * const result = dialgen.parse(JSON.parse(body))
 * if (result.ok) call = observe(call, result.value, dialgen.rules).call
 */
export const dialgen = defineProvider({
  name: 'dialgen',
  title: 'Dialgen',
  statuses: DIALGEN_STATUSES,
  words: DIALGEN_WORDS,
  delivery: {
    ordered: false,
    repeats: true,
    retryDelaysMs: [1_000, 5_000, 25_000],
    eventIdField: null,
    sequenceField: null,
    eventTimeField: 'callData.endTime',
    signature: {
      header: DIALGEN_SIGNATURE_HEADER,
      scheme: 'hex HMAC-SHA256 of JSON.stringify(body)',
    },
    sourceAddresses: [],
    sources: [
      'https://docs.dialgen.ai/guides/batch-calling/webhooks',
      'https://docs.dialgen.ai/guides/call-management/call-status',
    ],
  },
  rules: {
    // A dial request is answered with ONGOING at once, before the credits turn out to be short.
    reportsBoth: [['initiated', 'balance-low']],
  },
  recognizes: hasDialgenShape,
  parse: (body: unknown) => parseDialgenEvent(body),
  dedupeKey: dedupeKeyOf,
  verify: verifyDialgenSignature,
})
