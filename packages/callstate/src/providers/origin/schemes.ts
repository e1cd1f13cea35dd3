// The schemes with which providers prove where a delivery comes from, ready for a declaration. JWT has
// an entry of its own, since it brings a library along.

export type { Pair } from '../body/parameters.ts'
export { type BasicAuthOptions, basicAuth } from './basic-auth.ts'
export { type BearerOptions, bearer } from './bearer.ts'
export { type BodyHmacOptions, bodyHmac } from './body-hmac.ts'
export type { ByteEncoding } from './bytes.ts'
export { type Ed25519Options, ed25519 } from './ed25519.ts'
export { rewrittenJson } from './rewritten-json.ts'
export {
  type OriginCheck,
  type OriginRefusal,
  type OriginScheme,
  type OriginVerdict,
  PASSED,
  refused,
} from './scheme.ts'
export { type SharedHeaderOptions, sharedHeader } from './shared-header.ts'
export {
  labelled,
  SEPARATED,
  type SignatureForm,
  single,
  type WrittenSignatures,
} from './signature-form.ts'
export {
  type RequestText,
  type SignedRequest,
  sortedAddress,
  wholeAddress,
} from './signed-request.ts'
export { type TimestampedHmacOptions, timestampedHmac } from './timestamped-hmac.ts'
export { type UrlFormHmacOptions, urlFormHmac } from './url-form-hmac.ts'
