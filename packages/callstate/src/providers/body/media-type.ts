import type { DeliveryHead } from '../message.ts'
import { soleHeader } from '../sole-header.ts'

/** What a content type says. */
export interface MediaType {
  /** In lower case, without parameters: `application/json`. */
  readonly type: string
  /** Whether it names no charset, or UTF-8. */
  readonly isUtf8: boolean
}

/** The content type of a delivery; `missing` where it has none, `wrong` where it has several. Pure. */
export function mediaTypeOf({ headers }: DeliveryHead): MediaType | 'missing' | 'wrong' {
  const header = soleHeader(headers, 'content-type')
  if (!header.ok) return header.reason
  const [type = '', ...parameters] = header.value
    .split(';')
    .map((part) => part.trim().toLowerCase())
  const isUtf8 = parameters.every(
    (parameter) => !/^charset\s*=/.test(parameter) || /^charset="?utf-?8"?$/.test(parameter),
  )
  return { type, isUtf8 }
}

/** Whether it is `application/json` or an `application/…+json`. Pure. */
export function isJsonType({ type }: MediaType): boolean {
  return /^application\/(?:[a-z0-9!#$&^_.+-]+\+)?json$/.test(type)
}
