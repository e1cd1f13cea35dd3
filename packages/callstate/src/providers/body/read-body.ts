import type { Delivery, Parameters, ParseIssue, ParseResult, Refused } from '../message.ts'
import type { BodyDecoder, BodyForm } from './body-form.ts'
import { byName, pairsOf } from './parameters.ts'

/** A body as it was read; `text` is JSON as it came, null for every other form. */
export interface ReadBody {
  readonly body: unknown
  readonly text: string | null
}

/** A file of a multipart form: what is said of it, without what it holds. */
export interface FileField {
  readonly name: string
  readonly type: string
  /** In bytes. */
  readonly size: number
}

/** Reads a body in its form; `query` is that of the delivery's address. May reject, with the platform. */
export async function readBody(
  form: BodyForm,
  delivery: Delivery,
  query: Parameters,
  maxFields: number,
): Promise<ParseResult<ReadBody>> {
  switch (form) {
    case 'json':
      return jsonOf(delivery.rawBody)
    case 'form':
      return fieldsOf(pairsOf(new TextDecoder().decode(delivery.rawBody)), maxFields)
    case 'multipart':
      return multipartOf(delivery, maxFields)
    case 'query':
      return { ok: true, value: { body: query, text: null } }
    default:
      return ownOf(form, delivery)
  }
}

/** An answer that refuses the message as a whole; neither text may hold anything of it. */
export function refusedWhole(expected: string, received: string): Refused {
  const issue: ParseIssue = {
    path: [],
    expected,
    received,
    message: `The message: expected ${expected}, got ${received}. Pass the message as the provider sent it.`,
  }
  return { ok: false, issues: [issue] }
}

/** Fields by name, where they are not too many. */
export function fieldsOf<Value>(
  pairs: readonly (readonly [string, Value])[],
  maxFields: number,
): ParseResult<{ readonly body: Record<string, Value | readonly Value[]>; readonly text: null }> {
  if (pairs.length > maxFields) return refusedWhole(`at most ${maxFields} fields`, 'more')
  return { ok: true, value: { body: byName(pairs), text: null } }
}

function jsonOf(rawBody: Uint8Array): ParseResult<ReadBody> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody)
  } catch {
    return refusedWhole('JSON in UTF-8', 'bytes that are not UTF-8')
  }
  try {
    return { ok: true, value: { body: JSON.parse(text), text } }
  } catch {
    return refusedWhole('JSON', text === '' ? 'empty text' : 'text that is not JSON')
  }
}

async function multipartOf(
  { headers, rawBody }: Delivery,
  maxFields: number,
): Promise<ParseResult<ReadBody>> {
  const contentType = String(headers['content-type'])
  let form: FormData
  try {
    const body = new Uint8Array(rawBody)
    form = await new Response(body, { headers: { 'content-type': contentType } }).formData()
  } catch {
    return refusedWhole('a multipart form', 'bytes that are none')
  }
  const pairs = [...form].map(([name, value]): [string, string | FileField] => [
    name,
    typeof value === 'string' ? value : { name: value.name, type: value.type, size: value.size },
  ])
  return fieldsOf(pairs, maxFields)
}

/** The decoder may be anybody's: what throws, or answers anything else, has decoded nothing. */
async function ownOf(decoder: BodyDecoder, delivery: Delivery): Promise<ParseResult<ReadBody>> {
  try {
    const decoded = await decoder.decode(delivery)
    if (decoded.ok === true) return { ok: true, value: { body: decoded.value, text: null } }
    return { ok: false, issues: [...decoded.issues] }
  } catch {
    return refusedWhole("a body that the provider's own decoder reads", 'one on which it failed')
  }
}
