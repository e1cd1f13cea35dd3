import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    machine: 'src/machine/index.ts',
    providers: 'src/providers/index.ts',
    'providers/bolna': 'src/providers/bolna/index.ts',
    'providers/dialgen': 'src/providers/dialgen/index.ts',
    testing: 'src/testing/index.ts',
    diagram: 'src/diagram/index.ts',
    text: 'src/text/index.ts',
  },
  format: ['esm', 'cjs'],
  dts: true,
  clean: true,
  splitting: true,
  target: 'node20',
})
