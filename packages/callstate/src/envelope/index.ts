export {
  ENVELOPE_KEYS,
  type Envelope,
  type EnvelopeContent,
  type EnvelopeDelivery,
  type EnvelopeHead,
  type EnvelopeHeaders,
  type EnvelopeKey,
  type EnvelopeObject,
} from './envelope.ts'
export { type EnvelopeReading, readEnvelope } from './read-envelope.ts'
export { REDACTED, type WriteEnvelopeOptions, writeEnvelope } from './write-envelope.ts'
