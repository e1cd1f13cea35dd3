import { Hono } from 'hono'
import * as z from 'zod'
import { isEmulatorError } from './error.ts'
import type { ProviderSide } from './provider-api.ts'
import type { Totals, Truth } from './truth.ts'

/** What the emulator's own routes need. */
export interface EmulatorApiOptions {
  readonly sides: readonly ProviderSide[]
  readonly truth: () => Truth
  readonly totals: () => Totals
  readonly now: () => number
  readonly advance: (ms: number) => Promise<void>
  readonly idle: () => Promise<void>
}

/** What `GET /emulator` answers. */
const ROUTES = {
  'GET /emulator': 'this list',
  'GET /emulator/truth': 'what truly happened: totals, calls, deliveries',
  'GET /emulator/totals': 'the totals alone, for runs whose whole truth is long',
  'POST /emulator/advance': 'moves the step clock: {"ms": 60000}',
  'POST /emulator/idle': 'answers once all calls are over and all deliveries have ended',
  'POST /emulator/{provider}/calls':
    'places a call, as the provider\'s own API does where it is here: {"to": "+12025550123"}',
  'POST /emulator/{provider}/inbound':
    'a person calls an agent: {"from": "+12025550123", "agentId": "…"}',
} as const

const advanceSchema = z.object({ ms: z.number().min(0) })
const METADATA = 'metadata: expected an object'
const outboundSchema = z.object(
  {
    to: z
      .string('to: expected a phone number')
      .min(1, 'to: expected a phone number')
      .exactOptional(),
    metadata: z.record(z.string(), z.unknown(), METADATA).exactOptional(),
  },
  'expected an object such as {"to": "+12025550123"}',
)
const FROM = 'from: expected a phone number'
const AGENT = 'agentId: expected the identifier of an agent'
const inboundSchema = z.object(
  {
    from: z.string(FROM).min(1, FROM),
    agentId: z.string(AGENT).min(1, AGENT).exactOptional(),
    metadata: z.record(z.string(), z.unknown(), METADATA).exactOptional(),
  },
  'expected an object such as {"from": "+12025550123"}',
)

/** The emulator's own routes, which no provider has. */
export function createEmulatorApi(options: EmulatorApiOptions): Hono {
  const { sides, truth, totals, now, advance, idle } = options
  const api = new Hono()
  api.get('/', (c) => c.json({ providers: sides.map(({ name }) => `/${name}`), routes: ROUTES }))
  api.get('/truth', (c) => c.json(truth()))
  api.get('/totals', (c) => c.json(totals()))
  api.post('/advance', async (c) => {
    const asked = advanceSchema.safeParse(await c.req.json().catch(() => null))
    if (!asked.success) return c.json({ message: 'ms must be a number of at least 0' }, 400)
    try {
      await advance(asked.data.ms)
    } catch (error) {
      if (!isEmulatorError(error)) throw error
      return c.json({ message: error.message }, 409)
    }
    return c.json({ now: now() })
  })
  api.post('/idle', async (c) => {
    await idle()
    return c.json({ now: now() })
  })
  for (const side of sides) {
    api.post(`/${side.name}/calls`, async (c) => {
      const asked = outboundSchema.safeParse(await c.req.json().catch(() => null))
      if (!asked.success) return c.json({ message: asked.error.issues[0]?.message }, 400)
      return c.json({ id: side.place(asked.data).id }, 201)
    })
    api.post(`/${side.name}/inbound`, async (c) => {
      const asked = inboundSchema.safeParse(await c.req.json().catch(() => null))
      if (!asked.success) return c.json({ message: asked.error.issues[0]?.message }, 400)
      if (side.receive === undefined) {
        return c.json({ message: `${side.name} takes no inbound calls` }, 404)
      }
      return c.json({ id: side.receive(asked.data).id }, 201)
    })
  }
  return api
}
