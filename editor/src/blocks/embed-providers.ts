/**
 * Which sites' players may stand in a page, and under which address. Anything else is shown as a link.
 *
 * Rule: the address of the frame is made here from an id that was checked; nothing of the given address gets into it.
 */

export interface Player {
  readonly name: string
  readonly address: string
}

/** @param url an http address, as the schema reads it. */
export function playerOf(url: string): Player | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname, pathname, searchParams } = new URL(url)
  const host = hostname.replace(/^(www|m|player)\./, '')
  const [first = '', second = ''] = pathname.split('/').filter((part) => part !== '')
  switch (host) {
    case 'youtube.com':
    case 'youtube-nocookie.com':
      if (first === 'watch') return youtube(searchParams.get('v') ?? '')
      return ['embed', 'shorts', 'live'].includes(first) ? youtube(second) : undefined
    case 'youtu.be':
      return youtube(first)
    case 'vimeo.com':
      return vimeo(first === 'video' ? second : first)
    default:
      return undefined
  }
}

function youtube(id: string): Player | undefined {
  if (!/^[\w-]{6,20}$/.test(id)) return undefined
  return { name: 'YouTube', address: `https://www.youtube-nocookie.com/embed/${id}?autoplay=1` }
}

function vimeo(id: string): Player | undefined {
  if (!/^\d{4,15}$/.test(id)) return undefined
  return { name: 'Vimeo', address: `https://player.vimeo.com/video/${id}?dnt=1&autoplay=1` }
}
