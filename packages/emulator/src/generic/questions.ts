import { isDeepStrictEqual } from 'node:util'
import type { Ask, AskRequest } from 'callstate/providers'
import type { EmulatedCall } from '../call.ts'
import type { Engine } from '../provider-api.ts'

/** A request to the API of an emulated provider. */
export interface ApiRequest {
  readonly method: string
  /** From the base address on, with the query. */
  readonly path: string
  /** Decoded JSON; undefined where there is none. */
  readonly body: unknown
  /** The part of a `basic` key before the colon; else null. */
  readonly account: string | null
}

/** Every identifier that the generic side gives. */
const CALL_ID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g

/** The call whose record a request asks for; undefined where it is nobody's question. */
export function askedCall(
  ask: Ask,
  engine: Pick<Engine, 'call' | 'now'>,
  request: ApiRequest,
): EmulatedCall | undefined {
  const { method, path, body, account } = request
  const named = new Set(`${path} ${JSON.stringify(body) ?? ''}`.match(CALL_ID))
  return [...named]
    .flatMap((id) => engine.call(id) ?? [])
    .find((call) => {
      const question = { callId: call.id, openedAt: call.createdAt, now: engine.now(), account }
      return ask
        .record(question)
        .some((one) => (one.method ?? 'GET') === method && isPath(one, path) && isBody(one, body))
    })
}

/** Two writings of one path are one question. */
function isPath({ path }: AskRequest, asked: string): boolean {
  const whole = (one: string) => new URL(one, 'http://provider.example').href
  return whole(path) === whole(asked)
}

function isBody({ body }: AskRequest, asked: unknown): boolean {
  return isDeepStrictEqual(body, asked)
}
