// Numbers that are reserved for examples.

/** Whose calls are emulated, where no request names a number. */
export const AGENT_NUMBER = '+12025550100'
/** Whom a call is to, where no request says it. */
export const PERSON_NUMBER = '+12025550101'
