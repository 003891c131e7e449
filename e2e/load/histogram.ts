/** Many durations in little memory: buckets that grow by 2 %, so a percentile is right to within 2 %. */

const GROWTH = Math.log(1.02)
/** Below this all durations are alike: a hundredth of a millisecond. */
const SMALLEST_MS = 0.01
/** The last bucket: a little over two minutes. */
const BUCKETS = 830

export class Histogram {
  private readonly counts = new Uint32Array(BUCKETS)
  private total = 0
  private largestMs = 0

  record(ms: number): void {
    const bucket = ms <= SMALLEST_MS ? 0 : Math.ceil(Math.log(ms / SMALLEST_MS) / GROWTH)
    const index = Math.min(bucket, BUCKETS - 1)
    this.counts[index] = (this.counts[index] ?? 0) + 1
    this.total++
    if (ms > this.largestMs) this.largestMs = ms
  }

  add(other: Histogram): void {
    for (const [index, count] of other.counts.entries())
      this.counts[index] = (this.counts[index] ?? 0) + count
    this.total += other.total
    this.largestMs = Math.max(this.largestMs, other.largestMs)
  }

  get count(): number {
    return this.total
  }

  /** @param share 0 to 1; @returns milliseconds, NaN when nothing was recorded */
  quantile(share: number): number {
    if (this.total === 0) return Number.NaN
    let left = Math.ceil(share * this.total)
    for (const [index, count] of this.counts.entries()) {
      left -= count
      if (left <= 0) return Math.min(SMALLEST_MS * Math.exp(index * GROWTH), this.largestMs)
    }
    return this.largestMs
  }
}
