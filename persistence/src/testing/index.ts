export { HeldStore, heldStore } from './held-store.ts'
export { StoreWrapper } from './store-wrapper.ts'
