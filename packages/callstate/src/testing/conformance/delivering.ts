import type { CallStatus } from '../../lifecycle.ts'
import { textInFixedOrder } from '../../providers/fixed-order.ts'
import { checkOriginBody, signDelivery } from '../../providers/origin/origin.ts'
import type { Provider } from '../../providers/provider.ts'
import { type ConformanceCheck, fail, type ProviderSamples } from './samples.ts'
import { momentsIn, shortestStories } from './stories.ts'
import { readTold } from './told.ts'

/** The deliveries that come of what the provider tells; none without `tell`. */
export function deliveringChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  if (provider.tell === null) return []
  return [
    {
      name: 'what it delivers of a call is recognized, and proven where it proves its origin',
      proves: 'that a told delivery goes through every door that a real one goes through',
      run: () => deliveriesAreTaken(provider, samples),
    },
    {
      name: 'what it delivers of two steps is never one message',
      proves: 'that no step of a call is lost as a repetition of another',
      run: () => stepsAreToldApart(provider, samples),
    },
  ]
}

async function deliveriesAreTaken(provider: Provider, samples: ProviderSamples): Promise<void> {
  const { keys, signingKeys, now } = keysIn(provider, samples)
  for (const story of shortestStories(provider)) {
    const [moment] = momentsIn(story, samples).slice(-1)
    if (moment === undefined) continue
    const what = `what it delivers of ${moment.status}`
    for (const { delivery, message } of await readTold(provider, moment, 'webhook')) {
      if (!provider.recognizes(message.body)) fail(provider, `${what} is not recognized`)
      if (delivery === null) continue
      const signed = await signDelivery(provider, delivery, signingKeys, now)
      const origin = await checkOriginBody(provider, signed, keys, now)
      if (!origin.ok) fail(provider, `${what} is ${origin.reason} to its ${origin.scheme}`)
    }
  }
}

/** The keys of the signed samples, by scheme, and when they are good. */
function keysIn({ origin }: Provider, { signed = [] }: ProviderSamples) {
  const [only] = origin
  const keys: Record<string, string> = {}
  const signingKeys: Record<string, string> = {}
  for (const { scheme = only?.name ?? '', key, signingKey = key } of signed) {
    keys[scheme] = key
    signingKeys[scheme] = signingKey
  }
  return { keys, signingKeys, now: signed[0]?.now ?? 0 }
}

async function stepsAreToldApart(provider: Provider, samples: ProviderSamples): Promise<void> {
  for (const story of shortestStories(provider)) {
    const statusOf = new Map<string, CallStatus>()
    for (const moment of momentsIn(story, samples)) {
      for (const { message } of await readTold(provider, moment, 'webhook')) {
        const same = provider.sameMessage?.(message.body) ?? message.body
        const text = textInFixedOrder(same)
        const other = statusOf.get(text)
        if (other !== undefined) {
          fail(provider, `what it delivers of ${moment.status} is the same message as of ${other}`)
        }
        statusOf.set(text, moment.status)
      }
    }
  }
}
