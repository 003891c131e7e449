/** What no answer may hold, and what every refusal of the application must (pure). */

/** Where a stack or a path of ours would show. */
const INSIDE = /node_modules|\bat \S+ \(|\/sync-server\/|\.ts:\d+/

/** @param answer as it came, head and body @returns what is wrong with it, in words */
export function httpFaults(answer: string): string[] {
  const faults: string[] = []
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
  const end = answer.indexOf('\r\n\r\n')
  const head = answer.slice(0, end).toLowerCase()
  // What comes after it answers something else.
  const length = Number(/^content-length: (\d+)/m.exec(head)?.[1] ?? answer.length)
  const body = answer.slice(end + 4, end + 4 + length)
  if (status >= 400 && INSIDE.test(body)) faults.push('the refusal tells of the inside of the server')
  // What Node refuses before the application sees it has no body and none of the application's headers.
  if (status < 400 || !head.includes('content-type: application/json')) return faults
  if (!head.includes('x-content-type-options: nosniff')) faults.push('the refusal may be sniffed')
  if (body !== '' && !isRefusal(body)) faults.push(`not a refusal of this API: ${body.slice(0, 200)}`)
  return faults
}

function isRefusal(body: string): boolean {
  try {
    const { error } = JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)) as {
      error?: Record<string, unknown>
    }
    return (
      typeof error?.['code'] === 'string' &&
      typeof error['message'] === 'string' &&
      typeof error['retryable'] === 'boolean'
    )
  } catch {
    return false
  }
}
