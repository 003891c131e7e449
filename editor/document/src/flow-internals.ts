/**
 * All that knows how Yjs keeps a text is behind this file: it reads and writes the flow from a block's marker on, instead
 * of from the start of the document, so a key press costs the same in a book as in a note.
 *
 * Rule: what is written reads like what `Y.Text.applyDelta` would have written (the test beside this file
 * compares the two), and what is read is what `Y.Text.toDelta` says. One thing is done better: an insertion
 * stays with the character to its left, where Yjs would go past whatever has been deleted behind it.
 */
export {
  type FlowPlace,
  flowOfPlace,
  isPlaceAlive,
  placeAt,
  placesIn,
  resolvePlace,
} from './flow-internals/places.ts'
export { pushText, readSegments } from './flow-internals/read.ts'
export { type MarkRun, OBJECT_CHARACTER, type PlacedObject, type Segment } from './flow-internals/segment.ts'
export { type SegmentChange, SegmentList } from './flow-internals/segment-list.ts'
export { signatureOf, signRestored, typistsIn } from './flow-internals/signatures.ts'
export { isOnlyOurs, markerName, storedStretches } from './flow-internals/stored.ts'
export { type CopyStep, type FlowStep, insertBehind, writeSteps } from './flow-internals/write.ts'
