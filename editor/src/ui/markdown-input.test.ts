import { describe, expect, it } from 'vitest'
import { blockInput, enterInput, type InputBlock, inlineInput } from './markdown-input.ts'

const inParagraph = (before: string, after = '') => blockInput('paragraph', before, after)?.command

describe('typing at the start of a block', () => {
  it('turns a paragraph into each kind, when the pattern is complete', () => {
    const made = {
      '# ': 'heading-1',
      '## ': 'heading-2',
      '### ': 'heading-3',
      '- ': 'bullet-list',
      '* ': 'bullet-list',
      '1. ': 'numbered-list',
      '12) ': 'numbered-list',
      '[] ': 'check-list',
      '[ ] ': 'check-list',
      '> ': 'quote',
      '``` ': 'code-block',
      '```js ': 'code-block',
      '---': 'divider',
    }
    for (const [before, command] of Object.entries(made)) {
      expect([before, inParagraph(before)]).toEqual([before, command])
      expect(blockInput('paragraph', before, '')?.length).toBe(before.length)
      expect([before, inParagraph(before.slice(0, -1))]).toEqual([before, undefined])
      expect([before, inParagraph(`x${before}`)]).toEqual([before, undefined])
    }
  })

  it('knows a ticked box', () => {
    expect(blockInput('paragraph', '[x] ', '')).toEqual({ command: 'check-list', length: 4, checked: true })
    expect(blockInput('list', '[ ] ', '')).toEqual({ command: 'check-list', length: 4, checked: false })
  })

  it('has the language of a fence, which a space or Enter ends', () => {
    expect(blockInput('paragraph', '```c++ ', '')).toEqual({
      command: 'code-block',
      length: 7,
      language: 'c++',
    })
    expect(enterInput('paragraph', '```js')).toEqual({ command: 'code-block', length: 5, language: 'js' })
    expect(enterInput('paragraph', '```')).toEqual({ command: 'code-block', length: 3, language: '' })
    expect(enterInput('paragraph', '```not a name')).toBeUndefined()
    expect(enterInput('paragraph', '# ')).toBeUndefined()
    expect(enterInput('quote', '```js')).toBeUndefined()
  })

  it('keeps words that follow, except where the pattern must be all there is', () => {
    expect(inParagraph('# ', 'title')).toBe('heading-1')
    expect(inParagraph('``` ', 'x')).toBeUndefined()
    expect(inParagraph('---', '-')).toBeUndefined()
  })

  it('leaves code, quotes and lists alone', () => {
    const made: [InputBlock, string][] = [
      ['other', '# '],
      ['other', '- '],
      ['list', '- '],
      ['list', '# '],
      ['heading', '- '],
      ['heading', '---'],
    ]
    for (const [block, before] of made) expect(blockInput(block, before, '')).toBeUndefined()
    expect(blockInput('heading', '## ', '')?.command).toBe('heading-2')
  })
})

describe('typing the closing mark', () => {
  it('marks the words between', () => {
    expect(inlineInput('so **bold**')).toEqual({ command: 'bold', from: 3, mark: 2 })
    expect(inlineInput('so __bold__')).toEqual({ command: 'bold', from: 3, mark: 2 })
    expect(inlineInput('*it*')).toEqual({ command: 'italic', from: 0, mark: 1 })
    expect(inlineInput('(_it_')).toEqual({ command: 'italic', from: 1, mark: 1 })
    expect(inlineInput('run `npm start`')).toEqual({ command: 'code', from: 4, mark: 1 })
    expect(inlineInput('~~two words~~')).toEqual({ command: 'strike', from: 0, mark: 2 })
    expect(inlineInput('*one* and *two*')).toEqual({ command: 'italic', from: 10, mark: 1 })
  })

  it('waits for the second star of a pair', () => {
    expect(inlineInput('**bold*')).toBeUndefined()
    expect(inlineInput('~~gone~')).toBeUndefined()
  })

  it('does not take arithmetic, names with underscores, or empty and spaced content for emphasis', () => {
    const plain = [
      '2*3*',
      'snake_case_',
      '**',
      '****',
      '__',
      '* a*',
      '*a *',
      '``',
      '`` `',
      'a\\*b*',
      '~~~~',
      '*',
    ]
    expect(plain.filter((text) => inlineInput(text) !== undefined)).toEqual([])
  })
})
