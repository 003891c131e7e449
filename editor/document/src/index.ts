export { type AuthoredRun, authorsOf } from './authorship.ts'
export * from './blocks-edit.ts'
export { type ChangeKind, type DiffBlock, type DiffRun, diffFlows } from './diff.ts'
export * from './flow.ts'
export {
  type CopyStep,
  type FlowPlace,
  type FlowStep,
  flowOfPlace,
  insertBehind,
  isOnlyOurs,
  isPlaceAlive,
  type MarkRun,
  markerName,
  OBJECT_CHARACTER,
  type PlacedObject,
  placeAt,
  placesIn,
  pushText,
  readSegments,
  resolvePlace,
  type Segment,
  type SegmentChange,
  SegmentList,
  signRestored,
  writeSteps,
} from './flow-internals.ts'
export * from './groups.ts'
export * from './guard.ts'
export { printHtml } from './html/print.ts'
export * from './inline.ts'
export { DocumentFormatError, parseJson } from './json/parse.ts'
export { printJson } from './json/print.ts'
export { printMarkdown } from './markdown/print.ts'
export * from './marks.ts'
export { type MergeOptions, mergeDocument, writeDocument } from './merge.ts'
export { itemCounter } from './nesting.ts'
export * from './read-document.ts'
export { replaceRange } from './replace-range.ts'
export {
  MAX_ATTRIBUTE_LENGTH,
  MAX_DEPTH,
  MAX_UNKNOWN_LENGTH,
  MAX_VALUE_LENGTH,
  type Refusal,
  type RefusalCode,
} from './rules.ts'
export * from './schema.ts'
export * from './table.ts'
export * from './table-edit.ts'
export { parseText } from './text/parse.ts'
export * from './text.ts'
export { normalDocument, withoutIds } from './value.ts'
export * from './values.ts'
