import {
  type Check,
  expecting,
  isFunction,
  listOf,
  mapOf,
  oneOf,
  optional,
  partsOf,
} from './declaration-check.ts'
import { FINAL_FIELDS } from './final-data.ts'
import { isJsonPointer } from './json-pointer.ts'
import { meantWord } from './meant-word.ts'
import type { Provider } from './provider.ts'

// What a declaration may have wrong about final data.

const aFinalField: Check = (value, where) => {
  const wrong = oneOf(FINAL_FIELDS, `one of ${FINAL_FIELDS.join(', ')}`)(value, where)
  const meant = wrong !== null && typeof value === 'string' ? meantWord(value, FINAL_FIELDS) : null
  return meant === null ? wrong : `${wrong}; did you mean "${meant}"?`
}
const finalFields = listOf(aFinalField)

/** `habits.final`. */
export function finalByEnd(anEnd: Check): Check {
  return mapOf(
    anEnd,
    partsOf({
      final: finalFields,
      expected: finalFields,
      expectedIfConnected: optional(finalFields),
    }),
  )
}

const pointers = listOf(
  expecting(
    'a JSON pointer such as "/call/recording_url"',
    (value) => typeof value === 'string' && isJsonPointer(value),
  ),
  { minLength: 1 },
)

/** `finalData`. */
export const finalSources = partsOf({
  cost: optional(isFunction),
  recording: optional(pointers),
  transcript: optional(pointers),
  extraction: optional(pointers),
})

/** What is read with the event's details has no source of its own. */
const SOURCED = ['cost', 'recording', 'transcript', 'extraction'] as const

/** What is wrong between what is final and where it stands. */
export function* disagreementsOnFinalData(
  { habits, finalData }: Provider,
  isLacked: (status: string) => boolean,
): Generator<string> {
  const isUpUnknown = isLacked('in-progress') && isLacked('call-disconnected')
  for (const [status, fields] of Object.entries(habits.final)) {
    const where = `habits.final.${status}`
    const { final, expected, expectedIfConnected = [] } = fields
    if (isLacked(status)) yield `habits.final names ${status}, which it lacks`
    for (const field of [...expected, ...expectedIfConnected]) {
      if (!final.includes(field)) yield `${where} expects "${field}", which is not final`
    }
    const sourceless = SOURCED.find((field) => final.includes(field) && !finalData?.[field])
    if (sourceless !== undefined) {
      yield `${where} names "${sourceless}", but finalData does not say where it stands`
    }
    if (expectedIfConnected.length > 0 && isUpUnknown) {
      yield `${where}.expectedIfConnected is never heard of: it lacks in-progress and call-disconnected`
    }
  }
  for (const field of SOURCED) {
    const isFinal = Object.values(habits.final).some(({ final }) => final.includes(field))
    if (finalData?.[field] && !isFinal)
      yield `finalData.${field} is final at no end of habits.final`
  }
}
