import type { OriginOptions } from '@callstate/tracker'
import type { Provider } from 'callstate/providers'
import { printable, type Terminal } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import type { ChosenProviders } from '../providers/choose-providers.ts'
import { keysIn, keyVariable } from '../providers/variables.ts'

/** Holds the value of the header that `--secret-header` names. */
export const WEBHOOK_SECRET_VARIABLE = 'CALLSTATE_WEBHOOK_SECRET'

/** How webhooks prove where they come from, as it was typed. */
export interface ProofOptions {
  readonly secretHeader?: string
  readonly addresses?: string
  readonly allowUnauthenticated: boolean
}

/** A provider whose webhooks are taken, with what each of them has to show. */
export interface ServedProvider {
  readonly provider: Provider
  /** What proves the origin; false where everybody's are taken. */
  readonly origin: OriginOptions | false
  /** What proves the origin, in words; empty where nothing does. */
  readonly proofs: readonly string[]
}

/**
 * The providers whose webhooks are taken: those that were named, or all that a proof is set for. Every
 * connection through a tunnel comes from loopback, so that listening there proves nothing: without a
 * proof a provider is served only where that was asked for. Throws a `UsageError`. Pure.
 */
export function servedProviders(
  { known, named }: ChosenProviders,
  options: ProofOptions,
  env: Terminal['env'],
): readonly ServedProvider[] {
  const all = named.map((provider) => servedBy(provider, options, env))
  const open = all.filter(({ proofs }) => proofs.length === 0)
  if (options.allowUnauthenticated || open.length === 0) return all
  if (named === known && open.length < all.length) {
    return all.filter(({ proofs }) => proofs.length > 0)
  }
  throw new UsageError(noProof(open.map(({ provider }) => provider)))
}

function servedBy(provider: Provider, options: ProofOptions, env: Terminal['env']): ServedProvider {
  const { secretHeader: header } = options
  const value = secretValue(header, env)
  const keys = keysIn(provider, env)
  const addresses = addressesOf(options, provider)
  const proofs = [
    ...(header === undefined ? [] : [`the secret in the header ${printable(header)}`]),
    ...(keys === null
      ? []
      : provider.origin.map(({ title, header: where }) => proofText(title, where))),
    ...(addresses === 'any' ? [] : [`an address among ${addresses.join(', ')}`]),
  ]
  const secret = header === undefined ? {} : { secret: { header, value } }
  const own = provider.origin.length === 0 ? {} : { keys: keys ?? (false as const) }
  return { provider, proofs, origin: proofs.length > 0 && { ...secret, ...own, addresses } }
}

function proofText(title: string, header: string | null): string {
  return printable(header === null ? title : `the ${title} in ${header}`)
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

/** The parts of a list that was typed with commas. Pure. */
export function listOf(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim())
}

function noProof(providers: readonly Provider[]): string {
  const titles = providers.map(({ title }) => printable(title)).join(' or ')
  const ways = [
    `--secret-header NAME, with its value in ${WEBHOOK_SECRET_VARIABLE}`,
    ...providers.flatMap((provider) =>
      provider.origin.map(
        (scheme) => `${printable(scheme.key)}, in ${keyVariable(provider, scheme)}`,
      ),
    ),
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
