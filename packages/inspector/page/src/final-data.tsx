import type { AttemptItem, ReferenceItem } from '../../src/wire.ts'
import { amountText, FIELD_WORDS } from './call-words.ts'
import { Fact } from './fact.tsx'
import { StatusMark } from './status-mark.tsx'
import { durationText } from './time-text.ts'

/** What is final of each attempt, and what is expected and missing. */
export function FinalDataOf({ attempts }: { attempts: readonly AttemptItem[] }) {
  const told = attempts.filter(({ final, missing }) => final !== null || missing.length > 0)
  if (told.length === 0) return null
  return (
    <section class="final-data" aria-labelledby="data-title">
      <h3 id="data-title">Final data</h3>
      {told.map((item) => (
        <AttemptData key={item.attempt} item={item} />
      ))}
    </section>
  )
}

function AttemptData({ item: { attempt, status, final, missing } }: { item: AttemptItem }) {
  return (
    <dl class="facts-table">
      <Fact name="Attempt">
        {attempt} <StatusMark status={status} /> {status}
      </Fact>
      {factsOf(final).map(([name, text]) => (
        <Fact key={name} name={name}>
          {text}
        </Fact>
      ))}
      {REFERENCES.map((field) => (
        <Reference key={field} name={FIELD_WORDS[field]} reference={final?.[field] ?? null} />
      ))}
      {missing.length === 0 ? null : (
        <Fact name="missing">
          <span class="badge due">{missing.map((field) => FIELD_WORDS[field]).join(', ')}</span>
        </Fact>
      )}
    </dl>
  )
}

const REFERENCES = ['recording', 'transcript', 'extraction'] as const

function Reference({ name, reference }: { name: string; reference: ReferenceItem | null }) {
  if (reference === null) return null
  const { sequence, pointer, pruned } = reference
  return (
    <Fact name={name}>
      in event {sequence} at <code>{pointer}</code>
      {pruned ? <span class="quiet">, not kept</span> : null}
    </Fact>
  )
}

function factsOf(final: AttemptItem['final']): readonly (readonly [name: string, text: string])[] {
  const { durationMs = null, cost = null, hangupBy = null, voicemail = null } = final ?? {}
  return [
    ...(durationMs === null ? [] : [[FIELD_WORDS.durationMs, durationText(durationMs)] as const]),
    ...(cost === null ? [] : [[FIELD_WORDS.cost, amountText(cost)] as const]),
    ...(hangupBy === null ? [] : [[FIELD_WORDS.hangupBy, hangupBy] as const]),
    ...(voicemail === null ? [] : [[FIELD_WORDS.voicemail, voicemail ? 'yes' : 'no'] as const]),
  ]
}
