import { describe, expect, it } from 'vitest'
import { ByteCache, keyOf } from './byte-cache.ts'

describe('ByteCache', () => {
  it('never holds more bytes than it may, and lets go of what came first', () => {
    const cache = new ByteCache(30)
    for (const key of ['a', 'b', 'c']) cache.set(key, new Uint8Array(9))
    expect(cache.bytes).toBe(30)
    cache.set('d', new Uint8Array(9))
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key)?.length)).toEqual([undefined, 9, 9, 9])
    cache.set('large', new Uint8Array(40))
    expect([cache.get('large'), cache.get('d')?.length, cache.bytes]).toEqual([undefined, 9, 30])
  })

  it('counts an answer once that is kept twice under one key', () => {
    const cache = new ByteCache(100)
    for (const length of [10, 20]) cache.set('a', new Uint8Array(length))
    expect([cache.bytes, cache.get('a')?.length]).toEqual([21, 20])
    cache.clear()
    expect([cache.bytes, cache.get('a')]).toEqual([0, undefined])
  })

  it('forgets what was kept before a time', () => {
    const cache = new ByteCache(100)
    for (const time of [1, 2, 3]) cache.set(String(time), new Uint8Array(1), time)
    cache.forgetBefore(3)
    expect([cache.get('1'), cache.get('2'), cache.get('3')?.length, cache.bytes]).toEqual([
      undefined,
      undefined,
      1,
      2,
    ])
  })

  it('tells any two byte strings apart', () => {
    const all = Array.from({ length: 256 }, (_, byte) => keyOf(new Uint8Array([0, byte]).subarray(1)))
    expect(new Set(all).size).toBe(256)
  })
})
