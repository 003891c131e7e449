import { describe, expect, it } from 'vitest'
import { ariaKeysOf, commandOfKey, keysOf, type PressedKey } from './keys.ts'

const press = (key: string, code: string, held: string): PressedKey => ({
  key,
  code,
  ctrlKey: held.includes('C'),
  metaKey: held.includes('M'),
  shiftKey: held.includes('S'),
  altKey: held.includes('A'),
  getModifierState: (name) => name === 'AltGraph' && held.includes('G'),
})

describe('commandOfKey', () => {
  it('takes Ctrl on Windows and Linux, and Cmd on a Mac', () => {
    expect(commandOfKey(press('b', 'KeyB', 'C'), false)).toBe('bold')
    expect(commandOfKey(press('b', 'KeyB', 'M'), false)).toBeUndefined()
    expect(commandOfKey(press('b', 'KeyB', 'M'), true)).toBe('bold')
    expect(commandOfKey(press('b', 'KeyB', 'C'), true)).toBeUndefined()
    expect(commandOfKey(press('b', 'KeyB', ''), false)).toBeUndefined()
  })

  it('goes by the digit, whatever Alt or Shift make of it', () => {
    expect(commandOfKey(press('¡', 'Digit1', 'MA'), true)).toBe('heading-1')
    expect(commandOfKey(press('&', 'Digit7', 'CS'), false)).toBe('numbered-list')
    expect(commandOfKey(press('(', 'Digit8', 'CS'), false)).toBe('bullet-list')
    expect(commandOfKey(press(')', 'Digit9', 'CS'), false)).toBe('check-list')
  })

  it('moves blocks by Alt+Shift and an arrow', () => {
    expect(commandOfKey(press('ArrowUp', 'ArrowUp', 'AS'), false)).toBe('move-up')
    expect(commandOfKey(press('ArrowDown', 'ArrowDown', 'AS'), true)).toBe('move-down')
    expect(commandOfKey(press('ArrowDown', 'ArrowDown', 'S'), false)).toBeUndefined()
    expect(commandOfKey(press('ArrowDown', 'ArrowDown', 'CAS'), false)).toBeUndefined()
  })

  it('leaves AltGr to the keyboard', () => {
    expect(commandOfKey(press('²', 'Digit2', 'CAG'), false)).toBeUndefined()
    expect(commandOfKey(press('2', 'Digit2', 'CA'), false)).toBe('heading-2')
  })

  it('goes by the letter, wherever the layout has it, and with Caps Lock on', () => {
    expect(commandOfKey(press('z', 'KeyY', 'C'), false)).toBe('undo')
    expect(commandOfKey(press('Z', 'KeyZ', 'CS'), false)).toBe('redo')
    expect(commandOfKey(press('B', 'KeyB', 'C'), false)).toBe('bold')
    expect(commandOfKey(press('y', 'KeyY', 'C'), false)).toBe('redo')
    expect(commandOfKey(press('y', 'KeyY', 'M'), true)).toBeUndefined()
  })

  it('does not take a chord with one key more', () => {
    expect(commandOfKey(press('b', 'KeyB', 'CS'), false)).toBeUndefined()
    expect(commandOfKey(press('i', 'KeyI', 'CA'), false)).toBeUndefined()
  })
})

describe('keysOf', () => {
  it('writes what the computer writes', () => {
    expect(keysOf('heading-1', false)).toBe('Ctrl+Alt+1')
    expect(keysOf('heading-1', true)).toBe('⌥⌘1')
    expect(keysOf('redo', true)).toBe('⇧⌘Z')
    expect(keysOf('quote', false)).toBeUndefined()
    expect(ariaKeysOf('strike', false)).toBe('Control+Shift+X')
  })
})
