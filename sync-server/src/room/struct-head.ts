/**
 * What stands before a struct's content: which neighbours it names, or else the place.
 *
 * One object for many structs, filled anew by each `read`: a document has hundreds of thousands.
 */
import type { Reader } from '@weft/protocol'

export class StructHead {
  /** 0 collected, 1 deleted, 2 to 9 as Yjs numbers its contents. */
  kind = 0
  hasOrigin = false
  originClient = 0
  originClock = 0
  hasRight = false
  rightClient = 0
  rightClock = 0
  /** Without neighbours: the root's name, or else the type. */
  root: string | undefined
  parentClient = 0
  parentClock = 0
  key: string | undefined

  /** @param reader at a struct of an update that `readLayout` has accepted, not at a Skip; moved to the content. */
  read(reader: Reader): void {
    const info = reader.byte()
    this.kind = info & 31
    this.hasOrigin = this.kind !== 0 && (info & 128) !== 0
    this.hasRight = this.kind !== 0 && (info & 64) !== 0
    this.root = undefined
    this.key = undefined
    if (this.kind === 0) return
    if (this.hasOrigin) {
      this.originClient = reader.varUint()
      this.originClock = reader.varUint()
    }
    if (this.hasRight) {
      this.rightClient = reader.varUint()
      this.rightClock = reader.varUint()
    }
    if (this.hasOrigin || this.hasRight) return
    if (reader.varUint() === 1) this.root = reader.varString()
    else {
      this.parentClient = reader.varUint()
      this.parentClock = reader.varUint()
    }
    if ((info & 32) !== 0) this.key = reader.varString()
  }

  get isNamed(): boolean {
    return this.kind !== 0 && !this.hasOrigin && !this.hasRight
  }
}
