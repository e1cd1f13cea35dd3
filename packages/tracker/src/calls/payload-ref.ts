import { hash } from 'node:crypto'
import { textInFixedOrder } from 'callstate/internal'
import type { FinalValue, PayloadRef } from './final-data.ts'

/** Characters of a digest: 96 bits, of the values of one attempt. */
const DIGEST_LENGTH = 16

/** A reference to a part of a message, with a digest of that part where it was kept. */
export interface MadeRef {
  readonly value: PayloadRef
  readonly digest?: string
}

/** Makes a reference into a message as it was kept: it is pruned where nothing is there. Pure. */
export function payloadRef(kept: unknown, sequence: number, pointer: string): MadeRef {
  const part = partAt(kept, pointer)
  if (part === undefined || part === null) return { value: { sequence, pointer, pruned: true } }
  const text = textInFixedOrder(part)
  const digest = hash('sha256', text, 'base64url').slice(0, DIGEST_LENGTH)
  return { value: { sequence, pointer, pruned: false }, digest }
}

/** Whether a final value is a reference. Pure. */
export function isPayloadRef(value: FinalValue | null): value is PayloadRef {
  return typeof value === 'object' && value !== null && 'pointer' in value
}

/** What a JSON pointer (RFC 6901) leads to in plain data; undefined where nothing is there. Pure. */
function partAt(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (part, name) =>
        typeof part === 'object' && part !== null && Object.hasOwn(part, name)
          ? (part as Readonly<Record<string, unknown>>)[name]
          : undefined,
      value,
    )
}
