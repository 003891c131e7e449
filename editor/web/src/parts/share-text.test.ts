import { describe, expect, it } from 'vitest'
import { embedSnippet, isThisMachineOnly } from './share-text.ts'

describe('embedSnippet', () => {
  it('is two lines: the script of the server, then the tag of the document', () => {
    expect(embedSnippet('https://weft.test', 'https://weft.test/d/tide')).toBe(
      '<script type="module" src="https://weft.test/embed.js"></script>\n' +
        '<weft-editor src="https://weft.test/d/tide"></weft-editor>',
    )
  })
})

describe('isThisMachineOnly', () => {
  it('knows the addresses nobody else can use', () => {
    for (const host of ['localhost:8787', '127.0.0.1:8787', '[::1]:8787', 'weft.localhost']) {
      expect(isThisMachineOnly(`http://${host}`)).toBe(true)
    }
    for (const host of ['weft.test', '192.168.1.7:8787', 'localhost.example', '127.example']) {
      expect(isThisMachineOnly(`http://${host}`)).toBe(false)
    }
  })
})
