export type * from './element/api.ts'
export { browserStorage, type Guest, guestOf, renameGuest } from './ui/guest.ts'
export { colorOf, initialsOf, MAX_NAME_LENGTH, PALETTE } from './ui/people.ts'
