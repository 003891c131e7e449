import { describe, expect, it } from 'vitest'
import { playerOf } from './embed-providers.ts'

describe('a player', () => {
  it.each([
    'https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3',
    'https://youtu.be/dQw4w9WgXcQ',
    'https://m.youtube.com/shorts/dQw4w9WgXcQ',
    'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ',
  ])('is made of %s', (url) => {
    expect(playerOf(url)).toEqual({
      name: 'YouTube',
      address: 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1',
    })
  })

  it('is made of a film at Vimeo, by its number alone', () => {
    const address = 'https://player.vimeo.com/video/76979871?dnt=1&autoplay=1'
    expect(playerOf('https://vimeo.com/76979871')?.address).toBe(address)
    expect(playerOf('https://player.vimeo.com/video/76979871?x="><script>')?.address).toBe(address)
  })

  it.each([
    'https://example.org/watch?v=dQw4w9WgXcQ',
    'https://youtube.com.example.org/watch?v=dQw4w9WgXcQ',
    'https://example.org/https://youtu.be/dQw4w9WgXcQ',
    'https://youtu.be/"><script>',
    'https://youtu.be/',
    'https://vimeo.com/about',
    'not an address',
    '',
  ])('is not made of %s', (url) => {
    expect(playerOf(url)).toBeUndefined()
  })
})
