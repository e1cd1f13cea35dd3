import type * as z from 'zod'
import { EmulatorError } from './error.ts'

/** Throws an `EmulatorError` with code `invalid-option`, which names the option, where a side's own options do not fit. */
export function checkSideOptions(side: string, schema: z.ZodType, own: unknown): void {
  const [issue] = schema.safeParse(own).error?.issues ?? []
  if (issue === undefined) return
  const path = [side, ...issue.path].join('.')
  throw new EmulatorError('invalid-option', `${path}: ${issue.message}`)
}
