import { expect, test } from 'vitest'
import { type EmulatedProvider, startEmulator } from '../index.ts'
import { createClient } from './client.fixture.ts'

// The samples of Dialgen's page on the status of calls, letter for letter; only the base address is
// another one. Source: https://docs.dialgen.ai/guides/call-management/call-status

const DIALGEN_URL = 'https://sa.dialgen.ai'

const LIVE_STATUS = `curl --location 'https://sa.dialgen.ai/api/v1/status/call?callId=call_123' \\
--header 'Authorization: Bearer YOUR_API_KEY'`

const PERSISTENT_STATUS = `curl --location 'https://sa.dialgen.ai/api/v1/call/check-status?callId=call_123' \\
--header 'Authorization: Bearer YOUR_API_KEY'`

const MONITOR_CALL = `async function monitorCall(callId) {
let status = 'ONGOING';
while (status === 'ONGOING' || status === 'SCHEDULED') {
const response = await fetch(
\`https://sa.dialgen.ai/api/v1/status/call?callId=\${callId}\`,
{
headers: {
'Authorization': 'Bearer YOUR_API_KEY'
}
}
);
const data = await response.json();
status = data.status;
if (data.duration) {
console.log(\`Call duration: \${data.duration}s\`);
}
if (status === 'ONGOING') {
await new Promise(resolve => setTimeout(resolve, 5000)); // Wait 5s
}
}
console.log(\`Call ended with status: \${status}\`);
}`

/** Sends what a curl call sends, and reads the answer. */
async function curl(sample: string, { url }: EmulatedProvider) {
  const [location = '', header = ''] = [...sample.matchAll(/'([^']*)'/g)].map(([, text]) => text)
  const [name = '', value = ''] = header.split(': ')
  const response = await fetch(location.replace(DIALGEN_URL, url), { headers: { [name]: value } })
  return response.json()
}

test('the curl call for the live status answers what is documented', async () => {
  await using emulator = await startEmulator({ clock: 'step', dialgen: { callIds: ['call_123'] } })
  await createClient(emulator.at('dialgen')).dial({ contactId: 'contact_456' })
  await emulator.advance(8_000)
  expect(await curl(LIVE_STATUS, emulator.at('dialgen'))).toEqual({
    callId: 'call_123',
    status: 'ONGOING',
    startTime: expect.stringMatching(/^2026-01-05T15:00:0\d\.\d{3}Z$/),
    phoneNumber: '+12025550123',
    contactId: 'contact_456',
    batchId: null,
    error: null,
    duration: null,
    recordingUrl: null,
  })
})

test('the curl call for the persistent status answers what is documented', async () => {
  await using emulator = await startEmulator({ clock: 'step', dialgen: { callIds: ['call_123'] } })
  await createClient(emulator.at('dialgen')).dial({}, 'answered')
  await emulator.idle()
  expect(await curl(PERSISTENT_STATUS, emulator.at('dialgen'))).toEqual({
    success: true,
    data: {
      id: 'call_123',
      status: 'COMPLETED',
      direction: 'OUTBOUND',
      duration: expect.any(Number),
      createdAt: '2026-01-05T15:00:00.000Z',
      endedAt: expect.stringMatching(/^2026-01-05T15:0\d:\d\d\.\d{3}Z$/),
      contact: { name: 'Unknown', phoneNumber: '+12025550123' },
      agent: expect.any(String),
      recordingUrl: expect.stringMatching(/^https:/),
      transcription: [
        { role: 'assistant', content: expect.any(String) },
        { role: 'user', content: expect.any(String) },
      ],
    },
  })
})

test.each([
  ['answered', [/^Call duration: \d+s$/, /^Call ended with status: COMPLETED$/]],
  ['no-answer', [/^Call duration: \d+s$/, /^Call ended with status: MISSED$/]],
  ['balance-low', [/^Call ended with status: FAILED$/]],
])('monitorCall sees a call that is %s to its end', async (fate, lines) => {
  const speed = 600
  await using emulator = await startEmulator({ clock: { speed } })
  const code = MONITOR_CALL.replace(DIALGEN_URL, emulator.at('dialgen').url)
  const logged: string[] = []
  const monitorCall: (callId: string) => Promise<void> = new Function(
    'console',
    'setTimeout',
    `${code}; return monitorCall`,
  )(
    { log: (line: string) => logged.push(line) },
    // The sample's seconds are those of the emulator's clock.
    (action: () => void, ms: number) => setTimeout(action, ms / speed),
  )
  await monitorCall(await createClient(emulator.at('dialgen')).dial({}, fate))
  expect(logged).toEqual(lines.map((line) => expect.stringMatching(line)))
})
