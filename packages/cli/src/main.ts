#!/usr/bin/env node
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { run } from './run.ts'

// A log of many calls fills the heap with small, long-lived texts. V8 would let the heap grow to a
// multiple of what is in use before it cleans up; this keeps it close, at no measurable cost.
setFlagsFromString('--heap-growing-percent=30')

// A reader that has seen enough, such as `head`, closes the pipe: that is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}

try {
  process.exitCode = await run(process.argv.slice(2), process)
} catch (error) {
  // What a user can do wrong was answered before: this is a bug, and its trace helps to find it.
  process.exitCode = 2
  console.error('callstate: this should not have happened; please report it with the lines below.')
  console.error(error)
}
