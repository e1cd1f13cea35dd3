export type { ConformanceCheck } from 'callstate/testing'
export { type StoreConformanceOptions, storeConformance } from './store-conformance.ts'
