import { checkOriginHead, type DeliveryHead, refusalOfHead } from 'callstate/providers'
import { refuse } from './answer.ts'
import type { Arrival } from './delivery-head.ts'
import { type Entrance, isGuarded } from './origins.ts'
import type { Refusal } from './refusal.ts'
import { type Answered, unproven } from './report.ts'
import { isInRanges, type Source } from './source-address.ts'

/** Why a delivery is refused before its body is read; null where nothing speaks against it. */
export async function refusalOfArrival(
  entrance: Entrance,
  { head, source }: Arrival,
  { maxBodyBytes }: { readonly maxBodyBytes: number },
): Promise<Answered | null> {
  const { provider, keys } = entrance
  const { methods } = provider.receives
  const reason =
    refusalOfHead(provider.receives, head) ??
    (Number(head.headers['content-length']) > maxBodyBytes ? 'too-large' : null) ??
    (!isGuarded(entrance) && head.headers['origin'] !== undefined ? 'browser' : null) ??
    refusalOfSource(entrance, source) ??
    (await refusalOfSecret(entrance, head))
  if (reason !== null) return { answer: refuse(reason, { methods }) }
  if (keys === null) return null
  const origin = await checkOriginHead(provider, head, keys, head.receivedAt)
  return origin.ok ? null : unproven(origin)
}

function refusalOfSource({ addresses }: Entrance, source: Source | null): Refusal | null {
  if (addresses === null) return null
  if (source === null) return 'missing-address'
  if (source.address === null) return 'unknown-address'
  return isInRanges(source.address, addresses) ? null : 'other-address'
}

async function refusalOfSecret(
  { secret }: Entrance,
  { headers }: DeliveryHead,
): Promise<Refusal | null> {
  if (secret === null) return null
  const given = headers[secret.header.toLowerCase()]
  if (typeof given !== 'string') return 'missing-secret'
  return (await secret.check(given)) ? null : 'wrong-secret'
}
