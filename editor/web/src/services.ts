/** What the pages need of the world outside, made once in `main.ts` and handed down. */
import type { Api } from './api.ts'
import type { Known } from './known.ts'
import type { Storage } from './storage.ts'

export interface Services {
  /** With scheme, no slash at the end: the server this page came from. */
  readonly server: string
  readonly api: Api
  readonly known: Known
  readonly storage: Storage
}
