// The inspector as it is installed: the page is there, by the library and by the command.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { logSource, startInspector } from '@callstate/inspector'
import { redactInspection } from '@callstate/inspector/redact'
import { actorsSource } from '@callstate/inspector/xstate'

const assertPage = async (url) => {
  const response = await fetch(url)
  assert.equal(response.status, 200)
  const [script] = /assets\/[\w.-]+\.js/.exec(await response.text())
  assert.equal((await fetch(new URL(script, url))).status, 200)
}

const entries = [{ event: { status: 'ringing' } }]
const calls = [{ provider: 'bolna', callId: 'c-1', entries }]
for (const source of [logSource({ name: 'a log', calls }), actorsSource()]) {
  const inspector = await startInspector({ source })
  await assertPage(inspector.url)
  await inspector.stop()
}
assert.equal(typeof redactInspection, 'function')

const log = process.argv[2]
const command = spawn(process.execPath, [
  'node_modules/.bin/callstate',
  'inspect',
  log,
  '--port',
  '0',
])
const [address] = await once(createInterface(command.stdout), 'line')
await assertPage(address)
command.kill('SIGTERM')
const [code] = await once(command, 'exit')
assert.equal(code, 0)
