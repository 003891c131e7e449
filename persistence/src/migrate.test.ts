import { describe, expect, it } from 'vitest'
import { type Migration, stepsFrom } from './migrate.ts'

const steps: readonly Migration<string[]>[] = [1, 2, 3].map((format) => ({
  format,
  weft: `0.${format}.0`,
  apply: (database) => void database.push(`step ${format}`),
}))
const formats = (from: number): number[] =>
  stepsFrom(steps, { format: from, weft: undefined }).map((step) => step.format)

describe('stepsFrom', () => {
  it('gives the steps after the stored format, in order', () => {
    expect([0, 1, 2, 3].map(formats)).toEqual([[1, 2, 3], [2, 3], [3], []])
  })

  it('refuses a format it does not know, naming it and the version that does', () => {
    expect(() => stepsFrom(steps, { format: 5, weft: '1.4.0' })).toThrow(
      'storage format 5 needs Weft 1.4.0 or newer; this version knows formats up to 3',
    )
    expect(() => stepsFrom(steps, { format: 5, weft: undefined })).toThrow('needs a newer Weft')
  })
})
