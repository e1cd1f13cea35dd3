import type { CallStanding, Change, TrackedCall, Tracker } from '@callstate/tracker'
import { isTerminal } from 'callstate'
import { type CallSnapshot, callMachine, snapshotAt, snapshotOf } from 'callstate/machine'
import { shownWord } from './call-detail.ts'
import { keyOf } from './call-row.ts'
import { DEFAULTS } from './defaults.ts'
import { followTracker } from './follow-tracker.ts'

/** What an XState inspector is told of an actor's state. */
export interface InspectorSnapshot {
  readonly status?: 'active' | 'done'
  readonly value?: unknown
  readonly context?: unknown
}

/** As much of an XState actor as an inspector reads: it is named after its call and has the chart. */
export interface ShownActor {
  readonly sessionId: string
  readonly id: string
  readonly logic: { readonly config: unknown }
  send(): void
  getSnapshot(): unknown
}

/** The part of an inspector of `@statelyai/inspect` that is used here: what `createInspector` makes. */
export interface StatelyInspector {
  actor(actor: ShownActor, snapshot: InspectorSnapshot): void
  event(actor: ShownActor, event: { readonly type: string }): void
  snapshot(
    actor: ShownActor,
    snapshot: InspectorSnapshot,
    info?: { readonly event: { readonly type: string } },
  ): void
}

/** What `inspectTracker` may be told. */
export interface InspectTrackerOptions {
  /** Calls that are shown at once, the newest; `DEFAULTS.inspectTracker.calls` by default. */
  readonly calls?: number
}

/** Calls that are being shown. */
export interface InspectedTracker extends AsyncDisposable {
  /** Ends it. The inspector and the tracker stay open. */
  stop(): Promise<void>
}

/**
 * Shows each call of a tracker as an actor of `callMachine` in an XState inspector: the newest ones as
 * they stand, resolved through `snapshotOf`, then every change that this tracker stores, as an event and a
 * snapshot. Statuses and times are all that it sends; there is nothing to redact. Resolves when the first
 * calls were shown. Rejects with the tracker's error where they cannot be listed.
 *
 * @example
 * const inspected = await inspectTracker(tracker, createWebSocketInspector({ url }))
 */
export async function inspectTracker(
  tracker: Tracker,
  inspector: StatelyInspector,
  { calls = DEFAULTS.inspectTracker.calls }: InspectTrackerOptions = {},
): Promise<InspectedTracker> {
  const actors = new Map<string, ShownActor>()

  function actorOf(name: string, shot: InspectorSnapshot): ShownActor {
    const known = actors.get(name)
    if (known !== undefined) return known
    const actor = makeActor(name)
    actors.set(name, actor)
    for (const oldest of actors.keys()) {
      if (actors.size <= DEFAULTS.inspectTracker.maxCalls) break
      actors.delete(oldest)
    }
    inspector.actor(actor, shot)
    return actor
  }

  function showListed({ provider, callId, knowledge: call }: TrackedCall): void {
    const name = keyOf(provider, callId)
    const known = actors.get(name)
    const shot = shotOf(snapshotOf(call))
    if (known === undefined) actorOf(name, shot)
    else inspector.snapshot(known, shot)
  }

  function showChange({ provider, callId, event, before, call }: Change): void {
    const actor = actorOf(keyOf(provider, callId), shotAt(before, null))
    if (event === null) {
      inspector.snapshot(actor, shotAt(call, null))
      return
    }
    const { occurredAt = null } = event
    const said = { type: event.status ?? shownWord(event.word), occurredAt }
    inspector.event(actor, said)
    const statusAt = event.status === call.status ? occurredAt : null
    inspector.snapshot(actor, shotAt(call, statusAt), { event: said })
  }

  const following = followTracker(tracker, {
    calls,
    onListed: (listed) => listed.toReversed().forEach(showListed),
    onChange: showChange,
  })
  await following.ready
  return { stop: following.stop, [Symbol.asyncDispose]: following.stop }
}

function makeActor(name: string): ShownActor {
  // An inspector names the actor after its machine.
  const config = { ...callMachine.config, id: name }
  return { sessionId: name, id: name, logic: { config }, send: () => {}, getSnapshot: () => null }
}

/** A call as a change tells of it; the time of its status is known where the change brought it. */
function shotAt(standing: CallStanding | null, occurredAt: number | null): InspectorSnapshot {
  const { status = null, attempt = 1 } = standing ?? {}
  return shotOf(status === null ? null : snapshotAt(status, { attempt, occurredAt }))
}

function shotOf(snapshot: CallSnapshot | null): InspectorSnapshot {
  if (snapshot === null) return { status: 'active' }
  const { value, context } = snapshot
  return { status: isTerminal(value) ? 'done' : 'active', value, context }
}
