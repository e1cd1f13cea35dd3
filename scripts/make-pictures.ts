// Makes the pictures of the inspector in `docs/pictures/` anew, run by `pnpm make-pictures`: the page in
// the Chromium of its tests, over emulated calls on the step clock, so that every run shows the same calls.

import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { startInspector } from '@callstate/inspector'
import { actorsSource } from '@callstate/inspector/xstate'
import { type CallMachineEvent, callMachine } from 'callstate/machine'
import { createActor, createMachine } from 'xstate'
import { attachTo } from '../packages/inspector/test/browser/attach.fixture.ts'
import { launchChromium } from '../packages/inspector/test/browser/chromium.fixture.ts'
import {
  callsOf,
  placeBolnaCall,
  placeDialgenCall,
  startWorld,
  type World,
} from '../packages/inspector/test/browser/world.fixture.ts'
import { ROOT } from './command.ts'
