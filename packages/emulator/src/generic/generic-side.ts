import type { Amount, Moment, Provider, Tell, ToldMessage } from 'callstate/providers'
import { type Context, Hono } from 'hono'
import type { EmulatedCall } from '../call.ts'
import { E164 } from '../e164.ts'
import { EmulatorError } from '../error.ts'
import { jsonBodyOf } from '../json-body.ts'
import { PERSON_NUMBER } from '../numbers.ts'
import type { Engine, Message, PlaceRequest, ProviderSide, SharedOptions } from '../provider-api.ts'
import { askerOf } from './auth.ts'
import { fatesOf } from './fates.ts'
import { webhookOf } from './message.ts'
import { momentOf } from './moment.ts'
import { askedCall } from './questions.ts'

/**
 * The side of a provider that has no folder here, made of its declaration: its webhooks and records are
 * what `tell` makes of a call, and its API answers what `ask.record` asks for. Calls are placed by
 * `place` and `receive`, since no declaration says how its API is asked for one.
 */
export function createGenericSide(engine: Engine, shared: SharedOptions): ProviderSide {
  const { provider, webhookUrl } = shared
  const tell: Tell = provider.tell ?? (() => [])
  // The latest record of a call: of a step that the provider has no word for it knows nothing, so that
  // its record stays what it was.
  const records = new Map<string, ToldMessage>()
  const place = (
    request: Pick<PlaceRequest, 'direction' | 'destination' | 'metadata' | 'policy'>,
  ) => {
    if (!E164.test(request.destination)) {
      throw new EmulatorError('invalid-option', 'expected a phone number in E.164 format')
    }
    return engine.place({ ...request, id: (random) => random.uuid(), start: 'queued' })
  }

  return {
    name: provider.name,
    routes: routesOf(engine, shared, records),
    paths: [],
    fates: fatesOf(provider),
    messagesOf(call) {
      const moment = momentOf(call)
      const [record] = tell(moment, 'record')
      if (record !== undefined) records.set(call.id, record)
      return webhookUrl === null ? [] : webhooksOf(tell, call, moment, webhookUrl)
    },
    // Nothing says how a cost is corrected, so that none is.
    dataOf(call) {
      const record = records.get(call.id)
      return {
        amount: record === undefined ? null : costIn(provider, record),
        hasExtraction: Boolean(momentOf(call).facts.extraction),
      }
    },
    place({ to = PERSON_NUMBER, metadata = {}, retryPolicy = provider.habits.retryPolicy }) {
      return place({ direction: 'outbound', destination: to, metadata, policy: retryPolicy })
    },
    receive({ from, metadata = {} }) {
      return place({ direction: 'inbound', destination: from, metadata, policy: null })
    },
  }
}

/** What a record says that the call cost, by the provider's own declaration; null where it says nothing. */
function costIn({ finalData }: Provider, { body }: ToldMessage): Amount | null {
  try {
    return finalData?.cost?.(JSON.parse(body)) ?? null
  } catch {
    // A record in another form.
    return null
  }
}

function webhooksOf(
  tell: Tell,
  call: EmulatedCall,
  moment: Moment,
  url: string,
): readonly Message[] {
  return tell(moment, 'webhook').map((told) => webhookOf(told, url, call.isSettled))
}

/** The API: records alone. No declaration says how a page of a list is written. */
function routesOf(
  engine: Engine,
  { provider: { name, ask }, apiKeys }: SharedOptions,
  records: ReadonlyMap<string, ToldMessage>,
): Hono {
  const routes = new Hono()
  if (ask === null) return routes
  routes.all('*', async (c) => {
    const asker = await askerOf(c, ask.auth, apiKeys, engine.now())
    if (!asker.ok) return c.json({ message: 'The key is missing or wrong' }, 401)
    const request = { ...(await requestOf(c, name)), account: asker.account }
    const call = askedCall(ask, engine, request)
    const record = call && records.get(call.id)
    if (record === undefined) return c.json({ message: 'There is no such call' }, 404)
    return c.body(record.body, 200, { 'content-type': record.contentType ?? 'application/json' })
  })
  return routes
}

async function requestOf(c: Context, name: string) {
  const { pathname, search } = new URL(c.req.url)
  const { method } = c.req
  return {
    method,
    path: pathname.slice(`/${name}`.length) + search,
    body: method === 'GET' ? undefined : await jsonBodyOf(c),
  }
}
