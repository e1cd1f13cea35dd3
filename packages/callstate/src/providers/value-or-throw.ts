import { CallstateError } from '../error.ts'
import type { ParseResult } from './message.ts'

/**
 * What was read; throws a `CallstateError` with code `invalid-event` and the issues where it was refused:
 * how every reader that answers gets its throwing twin.
 */
export function valueOrThrow<Value>(result: ParseResult<Value>): Value {
  if (result.ok) return result.value
  const { issues } = result
  const message = issues.map((found) => found.message).join(' ')
  throw new CallstateError('invalid-event', message, { issues })
}
