// How deliveries are signed, from the core.
export {
  type OriginKeys,
  problemsOfKeys,
  signDelivery,
} from '../../callstate/src/providers/origin/origin.ts'
