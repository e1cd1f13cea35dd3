export type { HttpAskerOptions } from '../poller/ask-http.ts'
export { dialgenAsker } from './dialgen-asker.ts'
