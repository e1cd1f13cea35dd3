export {
  type Decoding,
  decodeDelivery,
} from '../../callstate/src/providers/body/decode-delivery.ts'
export { refusalOfHead } from '../../callstate/src/providers/body/received-form.ts'
export {
  checkOriginBody,
  checkOriginHead,
  type KeysByScheme,
  type OriginKeys,
  problemsOfKeys,
  signDelivery,
} from '../../callstate/src/providers/origin/origin.ts'
