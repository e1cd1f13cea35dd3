import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { unpackChromium } from './chromium.fixture.ts'
import { openInspector } from './page.fixture.ts'
import { useChromium } from './use-chromium.fixture.ts'

const browser = useChromium()

/** The C library and its like, which Node.js needs too. */
const OF_THE_SYSTEM = /^(?:linux-vdso|ld-linux-x86-64|lib(?:c|m|dl|pthread|rt|gcc_s))\.so/

test('the browser of the tests needs no library that Node.js does not need', async () => {
  const { executable, libraries, env } = await unpackChromium()
  const { stdout } = await promisify(execFile)(executable, [], {
    env: { ...env, LD_TRACE_LOADED_OBJECTS: '1' },
  })
  const needed = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim())
  expect(needed.length).toBeGreaterThan(5)
  const missing = needed.filter((line) => {
    const name = line.split('/').at(line.startsWith('/') ? -1 : 0) ?? ''
    return !line.includes(libraries) && !OF_THE_SYSTEM.test(name)
  })
  expect(missing).toEqual([])
})

test.each([
  [
    'a request to somebody else',
    '<img src="http://calls.example/x.png">',
    '',
    'asked http://calls.example/x.png',
  ],
  [
    'a break of its policy',
    '<script>1</script>',
    "script-src 'self'",
    'violates the following Content Security Policy',
  ],
  [
    'an uncaught error',
    '<script>throw new Error("broken")</script>',
    '',
    'uncaught: Error: broken',
  ],
])('a page with %s fails its test', async (_, html, policy, complaint) => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    if (policy !== '') response.setHeader('content-security-policy', policy)
    response.end(`<link rel="icon" href="icon.svg"><p class="connection">Connected</p>${html}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    const watched = await openInspector(browser(), url)
    await expect(watched[Symbol.asyncDispose]()).rejects.toThrow(complaint)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
