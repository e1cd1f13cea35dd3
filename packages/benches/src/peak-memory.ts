// Loaded before a measured program: at its end, the most memory that it held goes to descriptor 3.
import { writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  process.on('exit', () => writeSync(3, `${process.resourceUsage().maxRSS}`))
}
