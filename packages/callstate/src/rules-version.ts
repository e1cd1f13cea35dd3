/**
 * The version of the rules by which events are decided and read, 1 for release 0.1. It stands beside every
 * stored decision, so that a decision of older rules is told from a wrong one. A test pins a digest of all
 * decisions beside it: where a rule changes, this number goes up.
 */
export const RULES_VERSION: number = 2
