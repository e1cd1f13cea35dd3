import type * as z from 'zod'
import type { SaidData } from '../said-data.ts'
import type { dialgenPayloadSchema } from './call.ts'

type Call = SaidData<z.input<typeof dialgenPayloadSchema>>

/**
 * What Dialgen's messages hold of an attempt, as they come: the fields of the call in `callData`, in
 * `data` or in none of them, by the kind of message; its identifier is named `id` in both. A number may
 * be text, a time is text. `parseDialgenPayload` reads them.
 */
export type DialgenData = Call & {
  readonly callData?: EnvelopedCall | null
  readonly data?: EnvelopedCall | null
  readonly metricSchema?: Readonly<Record<string, unknown>> | null
}

type EnvelopedCall = Call & { readonly id?: string | number | null }
