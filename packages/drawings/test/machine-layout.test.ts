import { expect, test } from 'vitest'
import { MACHINE_DRAWING } from '../../callstate/src/diagram/machine-drawing.ts'
import { machineLayout } from '../src/machine-layout.ts'

test('the places of the drawing are what the layout says; else run pnpm make-drawing', () => {
  expect(MACHINE_DRAWING).toEqual(machineLayout())
})
