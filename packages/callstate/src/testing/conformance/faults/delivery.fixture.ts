import type { Delivery, Provider } from '../../../providers/index.ts'
import { type Fault, reading } from '../fault.fixture.ts'
import { acme, refuse, samples, waiting } from '../honest.fixture.ts'

const FACTS = 'the delivery facts are complete and agree with the samples'
const FORMS = 'every method and every form of body that it receives has a sample'
const ANSWER = 'its answer is a success, and no sample is taken for a handshake'
const DECODER = 'no bytes make its own decoder throw or answer half'
const SAME = 'sameMessage is the same for the same message and tells the samples apart'

let calls = 0

/** The honest provider with another decoder of its own. */
function decoding(decode: (delivery: Delivery) => unknown): Partial<Provider> {
  const bodies = ['json', { types: ['text/x-acme'], decode }]
  return { receives: { methods: ['POST'], bodies } as Provider['receives'] }
}

export const DELIVERY_FAULTS: readonly Fault[] = [
  ...(
    [
      [{ eventTimeField: null }, /eventTimeField says null, but/],
      [{ eventIdField: 'id' }, /eventIdField says id, but/],
      [{ sequenceField: 'number' }, /sequenceField says number, but/],
      [{ sequenceField: '' }, /sequenceField is empty/],
      [{ retryDelaysMs: [1, -1] }, /retry delay is not a number/],
      [{ sources: [] }, /name no document/],
    ] satisfies readonly (readonly [Partial<Provider['delivery']>, RegExp])[]
  ).map(([facts, says]) => ({
    check: FACTS,
    provider: { delivery: { ...acme.delivery, ...facts } },
    says,
  })),
  {
    check: FACTS,
    provider: reading((event) => ({ ...event, kind: 'record' })),
    says: /no sample is a webhook/,
  },
  {
    check: FORMS,
    samples: { messages: [waiting] },
    says: /no sample is a delivery by POST, which it receives/,
  },
  {
    check: FORMS,
    provider: { receives: { ...acme.receives, methods: ['POST', 'GET'] } },
    says: /no sample is a delivery by GET, which it receives/,
  },
  {
    check: FORMS,
    provider: { receives: { ...acme.receives, bodies: [...acme.receives.bodies, 'multipart'] } },
    says: /no sample is a delivery with a body of the form "multipart"/,
  },
  {
    check: FORMS,
    samples: { messages: samples.messages.filter(({ name }) => name !== 'delivered in lines') },
    says: /no sample is a delivery with a body of the type text\/x-acme/,
  },
  { check: ANSWER, provider: { answer: { status: 302 } }, says: /has the status 302, no success/ },
  {
    check: ANSWER,
    provider: { handshake: () => ({ status: 200 }) },
    says: /sample "delivered as JSON" is answered as a handshake/,
  },
  {
    check: DECODER,
    provider: decoding(({ rawBody }) => ({
      ok: true,
      value: new TextDecoder('utf-8', { fatal: true }).decode(rawBody),
    })),
    says: /hostile bytes make its own decoder throw \(TypeError\)/,
  },
  {
    check: DECODER,
    provider: decoding(() => ({ ok: false, issues: [] })),
    says: /its own decoder refuses bytes, but no issue says why/,
  },
  {
    check: DECODER,
    provider: decoding(() => ({ ...refuse('', 'lines', ''), issues: undefined })),
    says: /its own decoder refuses bytes, but no issue says why/,
  },
  ...(
    [
      [(body) => [Object(body).acmeId], /"talking" one message is the same for sample "waiting"/],
      [() => [`${++calls}`], /is another thing the second time/],
      [() => [], /"waiting" one message is nothing; null says that/],
      [(body) => Object(body).acmeId ?? null, /"waiting" one message is no list/],
    ] satisfies readonly (readonly [(body: unknown) => readonly unknown[] | null, RegExp])[]
  ).map(([sameMessage, says]) => ({ check: SAME, provider: { sameMessage }, says })),
]
