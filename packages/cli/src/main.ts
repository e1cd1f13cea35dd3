#!/usr/bin/env node
import { createReadStream, fstatSync } from 'node:fs'
import process from 'node:process'
import type { Terminal } from './command/terminal.ts'
import { run } from './run.ts'

// A reader that has seen enough, such as `head`, closes the pipe: that is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}

const terminal: Terminal = {
  get stdin() {
    // Node makes an empty stream of a folder; read as a file, it fails as a folder should.
    return fstatSync(0).isDirectory() ? createReadStream('', { fd: 0 }) : process.stdin
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
}

try {
  process.exitCode = await run(process.argv.slice(2), terminal)
} catch (error) {
  // What a user can do wrong was answered before: this is a bug, and its trace helps to find it.
  process.exitCode = 2
  console.error('callstate: this should not have happened; please report it with the lines below.')
  console.error(error)
}
