import { TrackerError } from '../error.ts'
import { readBytes } from '../read-bytes.ts'

/** Reads an answer to its end, but no further than `maxBytes`, as JSON. Throws `ask-failed` where it is none. */
export async function readJson(response: Response, maxBytes: number): Promise<unknown> {
  const bytes = await bytesOf(response, maxBytes)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // The parser's own error quotes the answer, which may hold personal data.
    throw askFailed(`The provider answered with HTTP status ${response.status} and no JSON.`)
  }
}

/** A failure of a question. The message must hold nothing of the key, the address or the answer. */
export function askFailed(message: string): TrackerError {
  return new TrackerError('ask-failed', message)
}

/** The platform's code of a network failure, such as ECONNREFUSED; its message may hold more than that. */
export function codeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? ` (${code})` : ''
}

async function bytesOf({ body }: Response, maxBytes: number): Promise<Uint8Array> {
  const reader = body?.getReader()
  if (reader === undefined) return new Uint8Array()
  const reading = await readBytes(reader, maxBytes)
  if (reading.ok) return reading.bytes
  await reader.cancel().catch(() => {})
  throw reading.reason === 'too-large'
    ? askFailed(`The provider's answer has more than ${maxBytes} bytes.`)
    : askFailed(`The provider's answer broke off${codeOf(reading.error)}.`)
}
