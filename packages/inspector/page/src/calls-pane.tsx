import type { Hello } from '../../src/wire.ts'
import { GROUP_CHOICES, isFiltering, NO_FILTER, STATUS_CHOICES } from './call-filter.ts'
import { CallList } from './call-list.tsx'
import { CALL_ORDERS, type CallOrder } from './call-order.ts'
import { numberText } from './call-words.ts'
import { usePageModel } from './page-context.ts'

const ORDER_WORDS: Readonly<Record<CallOrder, string>> = {
  findings: 'findings first',
  latest: 'latest first',
  due: 'due soonest first',
}

/** The list of calls with its filters. */
export function CallsPane() {
  const { route, hello, shown, counts, isComplete, go } = usePageModel()
  const { filter, order } = route.value
  const change = (part: Partial<typeof filter>) => go({ filter: { ...filter, ...part } }, 'replace')
  return (
    <section class="calls" aria-labelledby="calls-title">
      <h2 id="calls-title">
        Calls <span class="quiet">{numberText(shown.value.length)}</span>
        {isFiltering(filter) ? (
          <span class="quiet"> of {numberText(counts.value.calls)}</span>
        ) : null}
      </h2>
      <fieldset class="filters" aria-label="Filters and order">
        <Choice
          name="Status"
          all="every status"
          choices={STATUS_CHOICES}
          value={filter.status}
          onChoice={(status) => change({ status })}
        />
        <Choice
          name="Group"
          all="every group"
          choices={GROUP_CHOICES}
          value={filter.group}
          onChoice={(group) => change({ group })}
        />
        <Choice
          name="Provider"
          all="every provider"
          choices={providersOf(hello.value, filter.provider)}
          words={(name) => hello.value?.providers.find((one) => one.name === name)?.title ?? name}
          value={filter.provider}
          onChoice={(provider) => change({ provider })}
        />
        <label class="choice">
          <span class="unseen">Order</span>
          <select
            value={order}
            onChange={({ currentTarget }) => {
              go({ order: CALL_ORDERS[currentTarget.selectedIndex] ?? 'findings' }, 'replace')
            }}
          >
            {CALL_ORDERS.map((each) => (
              <option key={each} value={each}>
                {ORDER_WORDS[each]}
              </option>
            ))}
          </select>
        </label>
        <Switch
          name="findings"
          on={filter.findings}
          onSwitch={(findings) => change({ findings })}
        />
        <Switch name="overdue" on={filter.overdue} onSwitch={(overdue) => change({ overdue })} />
        {isFiltering(filter) ? (
          <button type="button" class="plain" onClick={() => go({ filter: NO_FILTER }, 'replace')}>
            clear filters
          </button>
        ) : null}
      </fieldset>
      <CallList isLoading={!isComplete.value} />
    </section>
  )
}

/** A choice among words, or none of them. */
function Choice<Word extends string>(props: {
  name: string
  all: string
  choices: readonly Word[]
  words?: (choice: Word) => string
  value: Word | null
  onChoice: (choice: Word | null) => void
}) {
  const { name, all, choices, words = (choice) => choice, value, onChoice } = props
  return (
    <label class={value === null ? 'choice' : 'choice chosen'}>
      <span class="unseen">{name}</span>
      <select
        value={value ?? ''}
        onChange={({ currentTarget }) => {
          onChoice(choices.find((choice) => choice === currentTarget.value) ?? null)
        }}
      >
        <option value="">{all}</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {words(choice)}
          </option>
        ))}
      </select>
    </label>
  )
}

function Switch(props: { name: string; on: boolean; onSwitch: (on: boolean) => void }) {
  const { name, on, onSwitch } = props
  return (
    <label class={on ? 'switch chosen' : 'switch'}>
      <input
        type="checkbox"
        checked={on}
        onChange={({ currentTarget }) => onSwitch(currentTarget.checked)}
      />
      {name}
    </label>
  )
}

function providersOf(hello: Hello | null, chosen: string | null): readonly string[] {
  const names = hello?.providers.map(({ name }) => name) ?? []
  // A link may name a provider of which nothing was heard here.
  return chosen === null || names.includes(chosen) ? names : [...names, chosen]
}
