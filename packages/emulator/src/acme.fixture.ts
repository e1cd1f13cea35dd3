import { defineProvider, type Provider, type ProviderDeclaration } from 'callstate/providers'
// @ts-expect-error: anybody's provider is plain JavaScript.
import declaration from '../../../docs/examples/acme.js'

/** The provider from outside, as a command makes it of the file. */
export const acme: Provider = defineProvider(declaration as ProviderDeclaration)
