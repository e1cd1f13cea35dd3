import {
  type AccessRequest,
  isLoopbackHost,
  isLoopbackRequest,
  type Refusal,
  showsBearer,
} from '@callstate/inspector/internal'
import { printable, type Terminal } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'

/** Characters that a token must have at least. */
export const MIN_TOKEN_LENGTH = 16

/**
 * The token that readers must show; null where what is served is for this machine only. Throws a
 * `UsageError` where one is needed and none is set, or the one that is set can be guessed.
 */
export function tokenOf(host: string, env: Terminal['env'], what: string): string | null {
  const token = env['CALLSTATE_API_TOKEN'] ?? ''
  if (token === '' && isLoopbackHost(host)) return null
  if (token === '') {
    throw new UsageError(
      `--host ${printable(host)} is not this machine alone: expected a token for ${what} in the environment variable CALLSTATE_API_TOKEN, got none.`,
    )
  }
  if (token.length < MIN_TOKEN_LENGTH || !/^[!-~]+$/.test(token)) {
    throw new UsageError(
      `expected CALLSTATE_API_TOKEN to be at least ${MIN_TOKEN_LENGTH} ASCII characters without spaces, got something else.`,
    )
  }
  return token
}

/**
 * Whether the read API answers a request. With a token, the token decides. Without one the server
 * listens on loopback, and only what was meant for loopback is answered. Null lets the request pass. Pure.
 */
export function refusalOf(request: AccessRequest, token: string | null): Refusal | null {
  if (token !== null) {
    if (showsBearer(request, token)) return null
    return {
      status: 401,
      message: 'Expected "Authorization: Bearer" with the token of CALLSTATE_API_TOKEN.',
    }
  }
  if (isLoopbackRequest(request)) return null
  return {
    status: 403,
    message:
      'The read API answers only requests made to localhost itself. Set CALLSTATE_API_TOKEN and restart to read it from elsewhere.',
  }
}
