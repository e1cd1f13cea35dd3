import { expect, test } from 'vitest'
import { FINAL_FIELDS } from './final-data.ts'
import { meantWord } from './meant-word.ts'

test.each<[string, string | null]>([
  ['Duration', 'durationMs'],
  ['total_cost', 'cost'],
  ['recordingUrl', 'recording'],
  ['recoding', 'recording'],
  ['trascript', 'transcript'],
  ['hangup_by', 'hangupBy'],
  ['extractions', 'extraction'],
  ['csot', null],
  ['price', null],
  ['', null],
  ['e', null],
  ['x'.repeat(10_000), null],
])('%j means %j', (typed, word) => {
  expect(meantWord(typed, FINAL_FIELDS)).toBe(word)
})
