/** Tells a page when what it shows may have changed unseen: somebody looks at it again, or the machine has a network again. */
import type { ReactiveController } from 'lit'

export class LookAgain implements ReactiveController {
  private readonly run: () => void

  /** @param run called while the host is in the page, and that is looked at. */
  constructor(run: () => void) {
    this.run = run
  }

  hostConnected(): void {
    window.addEventListener('online', this.look)
    document.addEventListener('visibilitychange', this.look)
  }

  hostDisconnected(): void {
    window.removeEventListener('online', this.look)
    document.removeEventListener('visibilitychange', this.look)
  }

  private readonly look = (): void => {
    if (document.visibilityState === 'visible') this.run()
  }
}
