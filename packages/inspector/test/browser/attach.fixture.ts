import { createWebSocketInspector } from '@statelyai/inspect'
import type { ActorOptions, AnyActorLogic } from 'xstate'
import { redactInspection } from '../../src/redact/index.ts'

/** What a user's program does to have its actors shown: the option of `createActor`, and how to end it. */
export function attachTo(url: string) {
  const inspector = createWebSocketInspector({ url, serialize: redactInspection })
  const inspect = inspector.inspect as NonNullable<ActorOptions<AnyActorLogic>['inspect']>
  return { inspect, stop: () => inspector.adapter.stop?.() }
}
