export type { OpenTransaction, StoreConformanceCheck } from './store/subject.ts'
export { type StoreConformanceOptions, storeConformance } from './store-conformance.ts'
