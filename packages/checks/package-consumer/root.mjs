import assert from 'node:assert/strict'
import * as callstate from 'callstate'
import * as diagram from 'callstate/diagram'
import * as text from 'callstate/text'
import { useRoot } from './use.cjs'

for (const name of ['xstate', 'zod', 'fast-check']) {
  await assert.rejects(import(name), { code: 'ERR_MODULE_NOT_FOUND' }, `${name} is installed`)
}
useRoot({ callstate, diagram, text })
