/** A phone number with its country code, as ITU-T E.164 has it; numbers of fewer than seven digits are none. */
export const E164: RegExp = /^\+[1-9]\d{6,14}$/
