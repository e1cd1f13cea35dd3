// The messages of Dialgen's documents, field for field, with a fictional telephone number.

const PHONE = '+12025550123'

export const LIVE_STATUS = {
  callId: 'call_123',
  status: 'ONGOING',
  startTime: '2025-11-15T14:30:01.123Z',
  phoneNumber: PHONE,
  contactId: 'contact_456',
  batchId: null,
  error: null,
  duration: null,
  recordingUrl: null,
}

export const PERSISTENT_STATUS = {
  success: true,
  data: {
    id: 'cmk3n7v8l0001k004w0f0b3b1',
    status: 'COMPLETED',
    direction: 'OUTBOUND',
    duration: 35,
    createdAt: '2026-01-07T06:34:13.605Z',
    endedAt: '2026-01-07T06:34:51.871Z',
    contact: { name: 'Ada Example', phoneNumber: PHONE },
    agent: 'Agent Name',
    recordingUrl: 'https://recordings.example/1',
    transcription: [
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: 'Hello to you.' },
    ],
  },
}

export const EVENT_WEBHOOK = {
  event: 'call.completed',
  callId: 'call_123',
  status: 'COMPLETED',
  duration: 180,
  contactId: 'contact_456',
  summary: 'Call summary...',
  recordingUrl: 'https://recordings.example/2',
}

export const DATA_WEBHOOK = {
  success: true,
  callData: {
    id: 'call_123',
    contactId: 'contact_456',
    agentId: 'agent_789',
    callSid: 'CA123',
    batchId: '',
    direction: 'OUTBOUND',
    status: 'COMPLETED',
    startTime: '2025-11-15T14:30:00.000Z',
    endTime: '2025-11-15T14:33:00.000Z',
    duration: 180,
    phoneNumber: PHONE,
    contactName: 'Ada Example',
    transcription: [{ role: 'assistant', content: 'Hello.' }],
    recordingUrl: 'https://recordings.example/3',
    summary: 'Call summary text...',
    metricJson: { intent: 'SALES_INQUIRY', callStatus: 'RESCHEDULE', confidence: 0.95 },
    createdAt: '2025-11-15T14:30:00.000Z',
    callDate: '2025-11-15T14:30:00.000Z',
  },
  metricSchema: { intent: 'string' },
}

export const CALL_REPLY = {
  message: 'Call initiated successfully',
  callId: 'call_123',
  contactId: 'contact_456',
  status: 'ONGOING',
}

/** An element of `recentCalls` in a batch's statistics. */
export const RECENT_CALL = {
  id: 'cmjxbsai4001',
  callSid: 'CA123',
  status: 'COMPLETED',
  duration: 46,
  createdAt: '2026-01-02T20:27:34.060Z',
  phoneNumber: PHONE,
  contactName: 'Ada Example',
}

export const MESSAGES = [LIVE_STATUS, PERSISTENT_STATUS, EVENT_WEBHOOK, DATA_WEBHOOK, CALL_REPLY]
