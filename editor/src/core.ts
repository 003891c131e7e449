/**
 * The layer without a screen: the gate, the local copy and the provider. Runs in Node too.
 */
export { ApplyGate } from './apply-gate.ts'
export * from './sync/index.ts'
