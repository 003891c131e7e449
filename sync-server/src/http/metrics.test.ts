import { describe, expect, it } from 'vitest'
import { OWN, openApp } from '../../test/open-app.ts'
import { createMetrics } from '../observe/metrics.ts'
import { RoomCounters, type RoomStats } from '../room/room-stats.ts'

const stats: RoomStats = {
  rooms: 2,
  roomsWithoutSessions: 1,
  roomsReleased: 0,
  sessions: 3,
  slowSessions: 0,
  residentBytes: 4_000,
  waitingBytes: 0,
  queuedBytes: 0,
  heldSessions: 0,
  uncommitted: 0,
  roomsNotStoring: 0,
  fenced: ['doc'],
  updatesCommitted: 7,
  bytesCommitted: 70,
  durations: new RoomCounters().durations,
  framesIn: 8,
  bytesIn: 80,
  framesOut: 9,
  bytesOut: 90,
  acks: 6,
  joins: 3,
  compactions: 0,
  compactionFailures: 0,
  released: 0,
  refusals: {
    malformed: 1,
    gap: 0,
    'read-only': 0,
    rate: 0,
    'queue-full': 0,
    'too-large': 0,
    'foreign-client': 0,
    schema: 0,
    'client-too-old': 0,
  },
  closes: new Map([[4400, 5]]),
}

describe('createMetrics', () => {
  it('tells counts and gauges of rooms, and repeats them unchanged when nothing happened', async () => {
    for (const seconds of [0.0625, 0.25]) stats.durations.commit.observe(seconds)
    const metrics = createMetrics(() => stats, new Map([['server-full', 2]]))
    for (const text of [await metrics.text(), await metrics.text()])
      for (const line of [
        'weft_rooms 2',
        'weft_sessions 3',
        'weft_fenced_documents 1',
        'weft_updates_committed_total 7',
        'weft_commit_seconds_bucket{le="0.1"} 1',
        'weft_commit_seconds_bucket{le="0.25"} 2',
        'weft_commit_seconds_bucket{le="+Inf"} 2',
        'weft_commit_seconds_sum 0.3125',
        'weft_commit_seconds_count 2',
        'weft_refusals_total{reason="malformed"} 1',
        'weft_refused_upgrades_total{code="server-full"} 2',
        'weft_closes_total{code="4400"} 5',
      ])
        expect(text.split('\n')).toContain(line)
    expect(await metrics.text()).toContain('process_cpu_seconds_total')
  })
})

describe('/metrics', () => {
  const from = async (remoteAddress: string, headers: Record<string, string> = {}, url = OWN) => {
    const { app } = await openApp({
      settings: { host: '0.0.0.0', publicUrl: 'https://weft.example', open: true },
    })
    const bindings = { incoming: { socket: { remoteAddress } } }
    const host = new URL(url).host
    return app.request(`${url}/metrics`, { headers: { Host: host, ...headers } }, bindings)
  }

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('is there for %s', async (address) => {
    const response = await from(address)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('weft_rooms')
  })

  it('does not exist for anybody else, nor for who came through a proxy', async () => {
    for (const response of [
      await from('10.0.0.1'),
      await from('127.0.0.1', {}, 'https://weft.example'),
      await from('127.0.0.1', { 'X-Forwarded-For': '127.0.0.1' }),
      await from('127.0.0.1', { Forwarded: 'for=127.0.0.1' }),
    ]) {
      expect(response.status).toBe(404)
      expect(await response.text()).not.toContain('weft_rooms')
    }
  })
})
