import { expectTypeOf, test } from 'vitest'
import type { ProviderDataOf, TypedProvider } from '../typed-provider.ts'
import { type DialgenData, dialgen } from './index.ts'

declare const data: DialgenData

test('the data of a call stand in three places, by the kind of message', () => {
  expectTypeOf(dialgen).toEqualTypeOf<TypedProvider<'dialgen', DialgenData>>()
  expectTypeOf<ProviderDataOf<typeof dialgen>>().toEqualTypeOf<DialgenData>()
  for (const call of [data, data.callData, data.data]) {
    expectTypeOf(call?.duration).toEqualTypeOf<number | string | null | undefined>()
    expectTypeOf(call?.metricJson).toEqualTypeOf<
      { readonly [field: string]: unknown } | null | undefined
    >()
    expectTypeOf(call?.endTime).toEqualTypeOf<string | null | undefined>()
  }
  expectTypeOf(data.callData?.id).toEqualTypeOf<string | number | null | undefined>()
  expectTypeOf(data.data?.contact?.name).toEqualTypeOf<string | number | null | undefined>()
})

test('every field may be missing or null', () => {
  const nothing: DialgenData = {}
  const nulls: DialgenData = { callData: null, data: { duration: null }, status: null }
  expectTypeOf(nothing).toExtend<DialgenData>()
  expectTypeOf(nulls).toExtend<DialgenData>()
  // @ts-expect-error: no such field
  data.callData?.transcript
})
