/**
 * Which keys run which command, and how a tooltip writes them.
 *
 * Rule: one table for matching, for tooltips and for `aria-keyshortcuts`, so they cannot disagree.
 */
import type { CommandName } from '../element/api.ts'

interface Chord {
  readonly command: CommandName
  /** `KeyboardEvent.code` for digits (Alt and Shift change what they type), `key` for letters (layouts move them). */
  readonly key: string
  readonly shift?: true
  readonly alt?: true
  /** Ctrl+Y is redo on Windows and Linux and something else on a Mac. */
  readonly notOnMac?: true
}

/** All with Ctrl, or Cmd on a Mac. The first for a command is the one that tooltips show. */
const CHORDS: readonly Chord[] = [
  { command: 'bold', key: 'b' },
  { command: 'italic', key: 'i' },
  { command: 'underline', key: 'u' },
  { command: 'strike', key: 'x', shift: true },
  { command: 'code', key: 'e' },
  { command: 'link', key: 'k' },
  { command: 'clear-format', key: '\\' },
  { command: 'paragraph', key: 'Digit0', alt: true },
  { command: 'heading-1', key: 'Digit1', alt: true },
  { command: 'heading-2', key: 'Digit2', alt: true },
  { command: 'heading-3', key: 'Digit3', alt: true },
  { command: 'heading-4', key: 'Digit4', alt: true },
  { command: 'numbered-list', key: 'Digit7', shift: true },
  { command: 'bullet-list', key: 'Digit8', shift: true },
  { command: 'check-list', key: 'Digit9', shift: true },
  { command: 'toggle-check', key: 'Enter' },
  { command: 'undo', key: 'z' },
  { command: 'redo', key: 'z', shift: true },
  { command: 'redo', key: 'y', notOnMac: true },
]

/** With Alt and Shift. */
const MOVES: ReadonlyMap<string, CommandName> = new Map([
  ['ArrowUp', 'move-up'],
  ['ArrowDown', 'move-down'],
])

export interface PressedKey {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
  getModifierState(name: string): boolean
}

export function commandOfKey(pressed: PressedKey, mac: boolean): CommandName | undefined {
  const { altKey, shiftKey, ctrlKey, metaKey } = pressed
  if (altKey && shiftKey && !ctrlKey && !metaKey) return MOVES.get(pressed.key)
  const mod = mac ? pressed.metaKey && !pressed.ctrlKey : pressed.ctrlKey && !pressed.metaKey
  // AltGr arrives as Ctrl+Alt on Windows: AltGr+2 must go on typing "²".
  if (!mod || (!mac && pressed.getModifierState('AltGraph'))) return undefined
  return CHORDS.find(
    (chord) =>
      (chord.key.startsWith('Digit')
        ? pressed.code === chord.key
        : pressed.key.toLowerCase() === chord.key.toLowerCase()) &&
      pressed.shiftKey === (chord.shift ?? false) &&
      pressed.altKey === (chord.alt ?? false) &&
      !(mac && chord.notOnMac === true),
  )?.command
}

/** As people write it: `Ctrl+Alt+1`, `⌥⌘1`. Undefined for a command without keys. */
export function keysOf(command: CommandName, mac: boolean): string | undefined {
  if (command === 'indent') return 'Tab'
  if (command === 'outdent') return mac ? '⇧Tab' : 'Shift+Tab'
  if (command === 'move-up') return mac ? '⌥⇧↑' : 'Alt+Shift+↑'
  if (command === 'move-down') return mac ? '⌥⇧↓' : 'Alt+Shift+↓'
  const chord = chordOf(command)
  if (chord === undefined) return undefined
  const key = letter(chord)
  if (mac) return `${chord.alt ? '⌥' : ''}${chord.shift ? '⇧' : ''}⌘${key === 'Enter' ? '↩' : key}`
  return `Ctrl+${chord.alt ? 'Alt+' : ''}${chord.shift ? 'Shift+' : ''}${key}`
}

/** As `aria-keyshortcuts` wants it. */
export function ariaKeysOf(command: CommandName, mac: boolean): string | undefined {
  const chord = chordOf(command)
  if (chord === undefined) return undefined
  return `${mac ? 'Meta' : 'Control'}+${chord.alt ? 'Alt+' : ''}${chord.shift ? 'Shift+' : ''}${letter(chord)}`
}

/** Whether this computer writes ⌘. */
export function isMac(platform: string): boolean {
  return /mac|iphone|ipad|ipod/i.test(platform)
}

function chordOf(command: CommandName): Chord | undefined {
  return CHORDS.find((chord) => chord.command === command)
}

function letter(chord: Chord): string {
  return chord.key.startsWith('Digit')
    ? chord.key.slice(5)
    : chord.key.length === 1
      ? chord.key.toUpperCase()
      : chord.key
}
