export { type FaultOptions, FaultyStore, faultyStore } from './faulty-store.ts'
export { HeldStore, heldStore } from './held-store.ts'
export { describeStoreContract } from './store-contract.ts'
export { StoreWrapper } from './store-wrapper.ts'
