export * from './flow.ts'
export {
  type FlowPlace,
  type FlowStep,
  type MarkRun,
  markerName,
  OBJECT_CHARACTER,
  placeAt,
  pushText,
  readSegments,
  resolvePlace,
  type Segment,
  typistsOf,
  updateSegments,
  writersOf,
  writeSteps,
} from './flow-internals.ts'
export * from './schema.ts'
