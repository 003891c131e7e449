import { describe, expect, it } from 'vitest'
import { createLogger } from './logger.ts'

function logged(fields: object): string {
  const lines: string[] = []
  createLogger('debug', { write: (line) => lines.push(line) }).info(fields, 'a line')
  return lines.join('')
}

describe('createLogger', () => {
  it('writes one JSON line with time and level', () => {
    expect(JSON.parse(logged({ documentId: 'doc' }))).toMatchObject({
      level: 30,
      documentId: 'doc',
      msg: 'a line',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
  })

  it.each(['authorization', 'cookie', 'set-cookie', 'sec-websocket-protocol', 'token', 'password', 'secret'])(
    'hides %s wherever an object that is logged has it',
    (name) => {
      const line = logged({
        [name]: 'canary',
        headers: { [name]: 'canary' },
        request: { headers: { [name]: 'canary' } },
      })
      expect(line).not.toContain('canary')
      expect(line).toContain('[secret]')
    },
  )
})
