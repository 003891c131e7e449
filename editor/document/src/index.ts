export * from './flow.ts'
export {
  type FlowPlace,
  type FlowStep,
  insertBehind,
  isPlaceAlive,
  type MarkRun,
  markerName,
  OBJECT_CHARACTER,
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
export * from './markdown.ts'
export * from './schema.ts'
export * from './text.ts'
