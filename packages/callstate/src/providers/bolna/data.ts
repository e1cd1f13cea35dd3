import type * as z from 'zod'
import type { SaidData } from '../said-data.ts'
import type { bolnaExecutionSchema } from './execution.ts'

/**
 * What Bolna's messages hold of an attempt, as they come: a number may be text, a time is text, an
 * extraction may be JSON text. `parseBolnaPayload` reads them.
 */
export type BolnaData = SaidData<z.input<typeof bolnaExecutionSchema>>
