export type { HttpAskerOptions } from '../poller/ask-http.ts'
export { BOLNA_PER_MINUTE, bolnaAsker } from './bolna-asker.ts'
