import { redactPayload } from '../redact/redact-payload.ts'
import type { CallSource } from '../source.ts'
import type { Failure } from '../wire.ts'

/** The largest sequence that an address may name. */
const MAX_SEQUENCE = 2 ** 31 - 1

/** Answers `calls/{key}` and `calls/{key}/events/{sequence}`, given what follows `api/`. */
export async function answerCalls(
  source: CallSource,
  path: string,
  eventsPerCall: number,
): Promise<Response> {
  const [, keyText, , sequenceText] = /^calls\/([^/]+)(\/events\/(\d{1,10}))?$/.exec(path) ?? []
  const key = decoded(keyText)
  if (key === null) return fail(404, 'There is nothing here.')
  if (sequenceText === undefined) {
    const detail = await source.detail(key, eventsPerCall)
    return detail === null ? fail(404, 'Nothing is known of such a call.') : json(detail)
  }
  const sequence = Number(sequenceText)
  const found = sequence > MAX_SEQUENCE ? null : await source.payload(key, sequence)
  if (found === null) return fail(404, 'No message was kept of this event.')
  return json({ sequence, ...redactPayload(found.payload) })
}

/** A refusal as JSON. */
export function fail(
  status: 400 | 401 | 403 | 404 | 405 | 500 | 503,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const failure: Failure = { error: { status, message } }
  return json(failure, status, headers)
}

function json(
  data: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json(data, { status, headers })
}

function decoded(text: string | undefined): string | null {
  try {
    return text === undefined ? null : decodeURIComponent(text)
  } catch {
    return null
  }
}
