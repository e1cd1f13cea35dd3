export { type InspectionMessage, redactInspection } from './redact-inspection.ts'
export { type RedactedPayload, redactPayload } from './redact-payload.ts'
export { REDACTED } from './text.ts'
