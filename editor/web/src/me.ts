/**
 * Who writes on this device: the editor's guest, with the colour they may have chosen.
 *
 * Asked for lightly: until a name is given the guest's own serves, and nothing waits for it.
 */
import { browserStorage, colorOf, guestOf, PALETTE, renameGuest } from '@weft/editor'
import type { Storage } from './storage.ts'

export interface Me {
  /** Stable for life on this device. */
  readonly id: string
  /** 1 to 80 characters. */
  readonly name: string
  /** One of `PALETTE`. */
  readonly color: string
  /** The name is made up and the person has not been asked, or has not answered. */
  readonly asking: boolean
}

export function readMe(storage: Storage): Me {
  const { id, name } = guestOf(browserStorage())
  const chosen = storage.read('color')
  const color = PALETTE.find((entry) => entry === chosen) ?? colorOf(id)
  return { id, name, color, asking: storage.read('named') !== true }
}

/** A blank name keeps the one there is. Either way the question counts as answered. */
export function saveMe(storage: Storage, name: string, color: string): Me {
  renameGuest(browserStorage(), name.replaceAll(/\s+/g, ' '))
  storage.write('color', color)
  storage.write('named', true)
  return readMe(storage)
}
