import { describe, expect, it } from 'vitest'
import { createClientAddress } from './client-address.ts'

describe('the address that a request counts for', () => {
  const behind = createClientAddress(['10.0.0.1', '192.168.0.0/16', 'fd00::/8'])

  it('is the one it comes from where no proxy is named, whatever a header says', () => {
    const alone = createClientAddress([])
    for (const header of [undefined, '', '192.0.2.1', '127.0.0.1, 192.0.2.1'])
      expect(alone('127.0.0.1', header)).toBe('127.0.0.1')
  })

  it.each<[peer: string, header: string | undefined, client: string]>([
    ['10.0.0.1', '192.0.2.7', '192.0.2.7'],
    ['::ffff:10.0.0.1', '2001:db8::7', '2001:db8::7'],
    ['fd00::5', '192.0.2.7', '192.0.2.7'],
    // What the client wrote itself stands to the left of what the proxy saw.
    ['10.0.0.1', '203.0.113.9, 192.0.2.7', '192.0.2.7'],
    ['10.0.0.1', '203.0.113.9, 192.0.2.7, 192.168.3.4', '192.0.2.7'],
    ['10.0.0.1', '192.168.3.4', '192.168.3.4'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '192.0.2.7, _hidden', '10.0.0.1'],
    ['10.0.0.1', '192.0.2.7:4711', '10.0.0.1'],
    ['10.0.0.2', '192.0.2.7', '10.0.0.2'],
    ['192.0.2.1', '10.0.0.1', '192.0.2.1'],
    ['', '192.0.2.7', ''],
  ])('from %s with %j is %s', (peer, header, client) => {
    expect(behind(peer, header)).toBe(client)
  })
})
