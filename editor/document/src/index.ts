export * from './flow.ts'
export {
  type FlowPlace,
  type FlowStep,
  insertBehind,
  isPlaceAlive,
  type MarkRun,
  markerName,
  OBJECT_CHARACTER,
  type ObjectStep,
  type PlacedObject,
  placeAt,
  placesIn,
  pushText,
  readSegments,
  resolvePlace,
  type Segment,
  updateSegments,
  writersOf,
  writeSteps,
} from './flow-internals.ts'
export * from './inline.ts'
export * from './markdown.ts'
export * from './marks.ts'
export * from './schema.ts'
export * from './text.ts'
export * from './values.ts'
