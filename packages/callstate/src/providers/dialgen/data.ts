import type { SaidData } from '../said-data.ts'
import type { DialgenFields } from './call.ts'

type Call = SaidData<DialgenFields>

/** What Dialgen's messages hold of an attempt, as they come: in `callData`, in `data` or in none of them. */
export type DialgenData = Call & { readonly callData?: Call | null; readonly data?: Call | null }
