import { expectTypeOf, test } from 'vitest'
import { defineProvider } from '../define-provider.ts'
import type { dialgen } from '../dialgen/index.ts'
import type { Reading } from '../message.ts'
import type { Provider, ProviderDeclaration } from '../provider.ts'
import type { ProviderDataOf, TypedProvider, UntypedData } from '../typed-provider.ts'
import { type BolnaData, bolna } from './index.ts'

declare const data: BolnaData

test('the data of a call are typed by its provider', () => {
  expectTypeOf(bolna).toEqualTypeOf<TypedProvider<'bolna', BolnaData>>()
  expectTypeOf(bolna.name).toEqualTypeOf<'bolna'>()
  expectTypeOf<ProviderDataOf<typeof bolna>>().toEqualTypeOf<BolnaData>()
  expectTypeOf<ProviderDataOf<typeof bolna | typeof dialgen>>().toEqualTypeOf<
    BolnaData | ProviderDataOf<typeof dialgen>
  >()
  expectTypeOf(bolna).toExtend<Provider>()
})

test('a provider without types of its own has untyped data', () => {
  expectTypeOf<ProviderDataOf<Provider>>().toEqualTypeOf<UntypedData>()
  expectTypeOf<ProviderDataOf<ProviderDeclaration>>().toEqualTypeOf<UntypedData>()
})

test('fields are as they come: numbers may be text, times are text', () => {
  expectTypeOf(data.total_cost).toEqualTypeOf<number | string | null | undefined>()
  expectTypeOf(data.id).toEqualTypeOf<number | string | null | undefined>()
  expectTypeOf(data.updated_at).toEqualTypeOf<string | null | undefined>()
  expectTypeOf(data.status).toEqualTypeOf<string | null | undefined>()
  expectTypeOf(data.telephony_data?.recording_url).toEqualTypeOf<string | null | undefined>()
  expectTypeOf(data.cost_breakdown?.network).toEqualTypeOf<number | string | null | undefined>()
  expectTypeOf(data.retry_history?.[0]?.attempt).toEqualTypeOf<number | string | null | undefined>()
  expectTypeOf(data.custom_extractions).toBeUnknown()
  if (typeof data.extracted_data === 'object') {
    expectTypeOf(data.extracted_data?.['user_interested']).toBeUnknown()
  }
})

test('every field may be missing or null, and none that is not listed can be read by a slip', () => {
  const nothing: BolnaData = {}
  const nulls: BolnaData = { total_cost: null, telephony_data: { duration: null }, status: null }
  expectTypeOf(nothing).toExtend<BolnaData>()
  expectTypeOf(nulls).toExtend<BolnaData>()
  // @ts-expect-error: no such field
  data.totalCost
  // @ts-expect-error: nothing is written into what was handed out
  data.total_cost = 0
})

test('a declaration carries its name, and data where they are given', () => {
  interface AcmeData {
    readonly Price?: string | null
  }
  const declaration = {
    statuses: { DONE: { status: 'completed' } },
    recognizes: () => false,
    read: (): Reading => ({ ok: true, type: 'skip', word: 'x' }),
  } as const
  const plain = defineProvider({ name: 'acme', ...declaration })
  expectTypeOf(plain).toEqualTypeOf<TypedProvider<'acme', UntypedData>>()
  const typed = defineProvider<'acme', AcmeData>({ name: 'acme', ...declaration })
  expectTypeOf<ProviderDataOf<typeof typed>>().toEqualTypeOf<AcmeData>()
  expectTypeOf(defineProvider(typed)).toEqualTypeOf<typeof typed>()
  expectTypeOf(defineProvider(bolna)).toEqualTypeOf<typeof bolna>()
  const anybody: ProviderDeclaration = { name: 'acme', ...declaration }
  expectTypeOf(defineProvider(anybody)).toEqualTypeOf<TypedProvider<string, UntypedData>>()
})
