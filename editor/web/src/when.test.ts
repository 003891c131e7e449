import { describe, expect, it } from 'vitest'
import { ago, periodOf } from './when.ts'

const now = new Date(2026, 2, 18, 9, 30).getTime()
const before = (...[year, month, day, hour, minute]: [number, number, number, number, number]): number =>
  new Date(year, month, day, hour, minute).getTime()

describe('ago', () => {
  it('counts minutes, then hours, within the same day', () => {
    expect(ago(now - 59_000, now, 'en')).toBe('just now')
    expect(ago(now - 60_000, now, 'en')).toBe('1 minute ago')
    expect(ago(now - 45 * 60_000, now, 'en')).toBe('45 minutes ago')
    expect(ago(before(2026, 2, 18, 4, 15), now, 'en')).toBe('5 hours ago')
  })

  it('says yesterday by the calendar, not by 24 hours', () => {
    expect(ago(before(2026, 2, 17, 23, 50), now, 'en')).toBe('yesterday')
    expect(ago(before(2026, 2, 17, 0, 10), now, 'en')).toBe('yesterday')
  })

  it('gives the date after a week, with the year when it is another one', () => {
    expect(ago(before(2026, 2, 12, 9, 0), now, 'en')).toBe('6 days ago')
    expect(ago(before(2026, 2, 2, 9, 0), now, 'en-GB')).toBe('2 March')
    expect(ago(before(2024, 11, 31, 9, 0), now, 'en-GB')).toBe('31 December 2024')
  })

  it('does not speak of the future when the server clock runs ahead', () => {
    expect(ago(now + 90_000, now, 'en')).toBe('just now')
  })
})

describe('periodOf', () => {
  it('parts today, yesterday, this week and earlier by calendar days', () => {
    expect(periodOf(before(2026, 2, 18, 0, 1), now)).toBe('Today')
    expect(periodOf(now + 60_000, now)).toBe('Today')
    expect(periodOf(before(2026, 2, 17, 0, 1), now)).toBe('Yesterday')
    expect(periodOf(before(2026, 2, 12, 23, 0), now)).toBe('This week')
    expect(periodOf(before(2026, 2, 11, 23, 0), now)).toBe('Earlier')
  })
})
