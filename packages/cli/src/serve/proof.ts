import type { WebhookOptions } from '@callstate/tracker'
import type { Provider } from 'callstate/providers'
import { KNOWN_PROVIDERS } from '../check/known-providers.ts'
import { UsageError } from '../status-word.ts'
import type { Terminal } from '../terminal.ts'

/** Holds the value of the header that `--secret-header` names. */
export const WEBHOOK_SECRET_VARIABLE = 'CALLSTATE_WEBHOOK_SECRET'

/** How webhooks prove where they come from, as it was typed. */
export interface ProofOptions {
  /** The providers to serve; where none is named, all those that a proof is set for. */
  readonly provider?: readonly string[]
  readonly secretHeader?: string
  readonly addresses?: string
  readonly trustProxy?: string
  readonly allowUnauthenticated: boolean
}

/** A provider whose webhooks are taken, with what each of them has to show. */
export interface ServedProvider {
  readonly provider: Provider
  readonly webhook: WebhookOptions
  /** What proves the origin, in words; empty where nothing does. */
  readonly proofs: readonly string[]
}

/**
 * The providers whose webhooks are taken. Every connection through a tunnel comes from loopback, so
 * that listening there proves nothing: without a proof a provider is served only where that was asked
 * for. Throws a `UsageError`. Pure.
 */
export function servedProviders(
  options: ProofOptions,
  env: Terminal['env'],
): readonly ServedProvider[] {
  const { provider: named, allowUnauthenticated } = options
  const wanted = KNOWN_PROVIDERS.filter(({ name }) => named === undefined || named.includes(name))
  const all = wanted.map((provider) => servedBy(provider, options, env))
  const open = all.filter(({ proofs }) => proofs.length === 0)
  if (allowUnauthenticated || open.length === 0) return all
  if (named === undefined && open.length < all.length) {
    return all.filter(({ proofs }) => proofs.length > 0)
  }
  throw new UsageError(noProof(open.map(({ provider }) => provider)))
}

/** The variable that holds the secret with which a provider signs. Pure. */
export function signingVariable({ name }: Provider): string {
  return `CALLSTATE_${name.toUpperCase().replaceAll('-', '_')}_SECRET`
}

function servedBy(provider: Provider, options: ProofOptions, env: Terminal['env']): ServedProvider {
  const { secretHeader: header, trustProxy, allowUnauthenticated } = options
  const value = secretValue(header, env)
  const signingSecret = provider.verify === undefined ? '' : (env[signingVariable(provider)] ?? '')
  const addresses = addressesOf(options, provider)
  const proofs = [
    ...(header === undefined ? [] : [`the secret in the header ${header}`]),
    ...(signingSecret === '' ? [] : [`the signature in ${provider.delivery.signature?.header}`]),
    ...(addresses === 'any' ? [] : [`an address among ${addresses.join(', ')}`]),
  ]
  return {
    provider,
    proofs,
    webhook: {
      provider: provider.name,
      ...(header !== undefined && { secret: { header, value } }),
      ...(provider.verify !== undefined && {
        signingSecret: signingSecret === '' ? (false as const) : signingSecret,
      }),
      addresses,
      trustedProxies: trustProxy === undefined ? [] : listOf(trustProxy),
      allowUnauthenticated,
    },
  }
}

function secretValue(header: string | undefined, env: Terminal['env']): string {
  const value = env[WEBHOOK_SECRET_VARIABLE] ?? ''
  if (header !== undefined && value === '') {
    throw new UsageError(
      `expected the value of the header in the environment variable ${WEBHOOK_SECRET_VARIABLE}, got none.`,
    )
  }
  if (header === undefined && value !== '') {
    throw new UsageError(
      `${WEBHOOK_SECRET_VARIABLE} is set, but no header. Name the one that brings it with --secret-header.`,
    )
  }
  return value
}

function addressesOf(
  { addresses }: ProofOptions,
  { delivery }: Provider,
): 'any' | readonly string[] {
  if (addresses === undefined || addresses === 'any') return 'any'
  if (addresses !== 'published') return listOf(addresses)
  return delivery.sourceAddresses.length === 0 ? 'any' : delivery.sourceAddresses
}

function listOf(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim())
}

function noProof(providers: readonly Provider[]): string {
  const titles = providers.map(({ title }) => title).join(' or ')
  const signing = providers.filter(({ verify }) => verify !== undefined)
  const ways = [
    `--secret-header NAME, with its value in ${WEBHOOK_SECRET_VARIABLE}`,
    ...signing.map((one) => `the secret with which ${one.title} signs, in ${signingVariable(one)}`),
    ...(providers.some(({ delivery }) => delivery.sourceAddresses.length > 0)
      ? ['--addresses published']
      : []),
    '--addresses with a list of your own',
  ]
  return [
    `expected a proof that webhooks come from ${titles}, got none: through a tunnel or a proxy everybody could write calls. Set one of these:`,
    ...ways.map((way) => `  ${way}`),
    'For tests, --allow-unauthenticated takes whatever reaches the port.',
  ].join('\n')
}
