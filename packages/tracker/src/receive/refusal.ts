/** What every refused delivery gets: the HTTP status, and the sentence that goes back. */
interface RefusalText {
  readonly status: number
  readonly error: string
  /** What to do about it, where it is a mistake in how the handler was put into its service. */
  readonly mistake?: string
}

const SECRET = 'Expected the secret that both sides agreed on, in its header.'
const ADDRESS = 'Deliveries from this address are not taken.'

const REFUSALS = {
  'unknown-path': {
    status: 404,
    error: 'Expected a path that ends in /webhooks/ and the name of a provider.',
  },
  'unknown-provider': { status: 404, error: 'Deliveries of this provider are not taken.' },
  method: { status: 405, error: 'Expected another method.' },
  'content-type': { status: 415, error: 'Expected a content type that the provider sends.' },
  'content-encoding': { status: 415, error: 'Expected a body without content encoding.' },
  'too-large': { status: 413, error: 'Expected a smaller body.' },
  'missing-address': {
    status: 403,
    error: ADDRESS,
    mistake:
      'The webhook handler was not told the address of the connection, so it refuses every delivery. Hand { remoteAddress } in as its second argument.',
  },
  // What a trusted proxy, or the connection, names is no address.
  'unknown-address': { status: 403, error: ADDRESS },
  'other-address': { status: 403, error: ADDRESS },
  // Nothing proves the origin, so a web page in a browser on this machine must not be one.
  browser: { status: 403, error: 'Deliveries from web pages are not taken.' },
  'missing-secret': { status: 401, error: SECRET },
  'wrong-secret': { status: 401, error: SECRET },
  'missing-signature': { status: 401, error: "Expected the provider's proof of origin." },
  'wrong-signature': { status: 401, error: "Expected the provider's proof of this delivery." },
  'stale-signature': { status: 401, error: 'Expected a proof of origin that was made just now.' },
  // No 408: a provider may take any 4xx as final, and this is just what a repeat mends.
  'late-body': { status: 503, error: 'Expected the whole body sooner. Repeat it.' },
  'broken-body': { status: 503, error: 'Expected the whole body. Repeat it.' },
  'not-an-event': { status: 400, error: 'Expected an event of a call.' },
  'body-already-read': {
    status: 503,
    error: 'The delivery was not stored: its body was read before it got here. Repeat it.',
    mistake:
      'A body parser in front of the webhook handler has read the body. Put the route before the parser, or hand the bytes as they came on.',
  },
  'not-a-request': {
    status: 503,
    error: 'The delivery was not stored: the handler got something else than a Request. Repeat it.',
    mistake:
      "The webhook handler was called with something else than a Request, such as a framework's context. Hand the Request in: in Hono c.req.raw.",
  },
  'answer-needed': {
    status: 501,
    error: 'The delivery was stored. Its answer steers the call, and there is none.',
    mistake:
      'A provider waits for an answer that steers the call. Give createWebhookHandler the option "answer".',
  },
  'answer-failed': { status: 503, error: 'The delivery was stored; its answer failed. Repeat it.' },
  slow: { status: 503, error: 'The delivery was not stored in time. Repeat it.' },
  failed: { status: 503, error: 'The delivery was not stored. Repeat it.' },
} as const satisfies Record<string, RefusalText>

/** Why a delivery is refused; a word of a closed list, for logs. */
export type Refusal = keyof typeof REFUSALS

/** The HTTP statuses with which deliveries are refused. */
export type RefusalStatus = (typeof REFUSALS)[Refusal]['status']

/** Whether what was done with a delivery is that it was refused. Pure. */
export function isRefusal(reason: string): reason is Refusal {
  return Object.hasOwn(REFUSALS, reason)
}

/** What belongs to a refusal. Pure. */
export function refusalOf(reason: Refusal): RefusalText & { readonly status: RefusalStatus } {
  return REFUSALS[reason]
}
