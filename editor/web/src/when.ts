/** Times as people say them. Pure: the present moment is passed in. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "just now", "3 minutes ago", "yesterday", "12 March", "12 March 2024". A clock that runs behind reads "just now". */
export function ago(at: number, now: number, locale?: string): string {
  const elapsed = now - at
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  if (elapsed < MINUTE) return 'just now'
  if (elapsed < HOUR) return relative.format(-Math.floor(elapsed / MINUTE), 'minute')
  const days = daysBetween(at, now)
  if (days === 0) return relative.format(-Math.floor(elapsed / HOUR), 'hour')
  if (days < 7) return relative.format(-days, 'day')
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at)
}

/** To the minute, with weekday: for the title of a relative time. */
export function exactly(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(at)
}

/** The heading under which something of that time stands in a list that runs backwards. */
export type Period = 'Today' | 'Yesterday' | 'This week' | 'Earlier'

export function periodOf(at: number, now: number): Period {
  const days = daysBetween(at, now)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  return days < 7 ? 'This week' : 'Earlier'
}

/** Whole calendar days, so that yesterday evening is yesterday this morning. Midday spares it the hour of summer time. */
function daysBetween(at: number, now: number): number {
  const noon = (time: number): number => new Date(time).setHours(12, 0, 0, 0)
  return Math.round((noon(now) - noon(at)) / DAY)
}
