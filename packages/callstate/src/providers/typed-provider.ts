import type { Provider } from './provider.ts'

/** The data of a provider that does not say what its messages hold. */
export type UntypedData = Readonly<Record<string, unknown>>

/**
 * A provider that says by types what it is called and what its messages hold, as they come: what is
 * handed on of its calls is typed by it. Made by `defineProvider`.
 *
 * @example
 * interface AcmeData { readonly Price?: string | null }
 * const acme = defineProvider<'acme', AcmeData>({ name: 'acme', … })
 */
export interface TypedProvider<Name extends string, Data extends object> extends Provider {
  readonly name: Name
  /** A type only: it is never there. */
  readonly '~data'?: Data
}

/**
 * What the messages of a provider hold, as they come; of several providers what each of them holds.
 *
 * @example
 * type Data = ProviderDataOf<typeof bolna> // BolnaData
 */
export type ProviderDataOf<P> = P extends unknown
  ? '~data' extends keyof P
    ? NonNullable<P['~data']>
    : UntypedData
  : never
