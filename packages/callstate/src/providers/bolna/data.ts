import type { SaidData } from '../said-data.ts'
import type { BolnaFields } from './execution.ts'

/** What Bolna's messages hold of an attempt, as they come. */
export type BolnaData = SaidData<BolnaFields>
