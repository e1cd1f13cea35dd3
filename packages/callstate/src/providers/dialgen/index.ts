export type { DialgenData } from './data.ts'
export { dialgen } from './dialgen.ts'
export {
  type DialgenFields,
  type DialgenPayload,
  dialgenPayloadSchema,
  parseDialgenPayload,
  safeParseDialgenPayload,
} from './payload.ts'
export { type DialgenRetryStrategy, dialgenRetryPolicy } from './retry-strategy.ts'
export type { DialgenStatus } from './status.ts'
