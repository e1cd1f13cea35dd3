/**
 * The completed record of the documents, with invented numbers and addresses.
 *
 * Source: https://www.bolna.ai/docs/list-phone-call-status
 */
export const documented = {
  id: 7432382142914,
  agent_id: '9f8e7d6c-5b4a-4321-8765-0fedcba98765',
  batch_id: '0a1b2c3d-4e5f-4061-8273-94a5b6c7d8e9',
  conversation_time: 123,
  total_cost: 123,
  status: 'completed',
  error_message: null,
  answered_by_voice_mail: true,
  transcript: '<string>',
  created_at: '2024-01-23T01:14:37Z',
  updated_at: '2024-01-29T18:31:22Z',
  usage_breakdown: {
    synthesizer_characters: 123,
    synthesizer_model: 'polly',
    transcriber_duration: 123,
    transcriber_model: 'deepgram',
    llm_tokens: 123,
    llm_model: {
      'gpt-3.5-turbo-16k': { output: 28, input: 1826 },
      'gpt-3.5-standard-8k': { output: 20, input: 1234 },
    },
  },
  telephony_data: {
    duration: 42,
    to_number: '+12025550123',
    from_number: '+12025550100',
    recording_url: 'https://recordings.example/1.mp3',
    hosted_telephony: true,
    provider_call_id: 'carrier-call-1',
    call_type: 'outbound',
    provider: 'twilio',
    ring_duration: 17,
    post_dial_delay: 1,
    to_number_carrier: 'Example Telecom',
  },
  transfer_call_data: {
    provider_call_id: 'carrier-call-1',
    status: 'completed',
    duration: 42,
    cost: 123,
    to_number: '+12025550123',
    from_number: '+12025550100',
    recording_url: 'https://recordings.example/2.mp3',
    hangup_by: 'Caller',
    hangup_reason: 'Normal Hangup',
  },
  batch_run_details: {
    status: 'completed',
    created_at: '2024-01-23T01:14:37Z',
    updated_at: '2024-01-29T18:31:22Z',
    retried: 0,
  },
  extracted_data: { user_interested: true, callback_user: false, address: '42 world lane' },
  context_details: {},
  extraction_webhook_status: true,
}
