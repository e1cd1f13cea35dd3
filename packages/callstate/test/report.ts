/** Prints how much of a space a test went through; the console itself is closed to tests. */
export function reportCases(what: string, count: number): void {
  process.stdout.write(`  ${count.toLocaleString('en-US')} ${what}\n`)
}
