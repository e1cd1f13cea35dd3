// What one would write to look at a log without a library: every line parsed, nothing kept.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

const input = createReadStream(process.argv[2] as string)
let lines = 0
createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  .on('line', (line) => {
    JSON.parse(line)
    lines++
  })
  .on('close', () => console.log(lines))
