/**
 * The kinds of value a setting has. Each accepts what a flag or variable gives (text) and what a JSON file gives,
 * and says in one phrase what it expected.
 */
import { isIP } from 'node:net'
import { z } from 'zod'

/** `"0x10"`, `" 5"`, `"5.0"` and `""` are mistakes, not numbers. */
export function whole(least: number, most: number) {
  const error = `expected a whole number from ${least} to ${most}`
  const text = z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
  return z
    .union([z.number(), text], { error })
    .pipe(z.int({ error }).min(least, { error }).max(most, { error }))
}

export function onOff() {
  const error = 'expected on or off'
  return z.union([z.boolean(), z.enum(['on', 'off']).transform((word) => word === 'on')], { error })
}

export function path() {
  const error = 'expected a folder'
  return z
    .string({ error })
    .min(1, { error })
    .refine((text) => !text.includes('\0'), { error })
}

export function host() {
  const error = 'expected an IP address or a host name'
  return z
    .string({ error })
    .transform((text) => text.replace(/^\[(.*)\]$/, '$1'))
    .refine((text) => isIP(text) !== 0 || /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(text), {
      error,
    })
}

export function origin() {
  const error = 'expected an address such as https://weft.example, without a path'
  return z
    .string({ error })
    .refine((text) => originOf(text) !== undefined, { error })
    .transform((text) => originOf(text) ?? text)
}

export function origins() {
  const error = 'expected addresses such as https://site.example, separated by commas'
  const list = z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(origin(), { error }))
  return z.union([z.array(origin()), list], { error })
}

export function networks() {
  const error = 'expected addresses or networks such as 10.0.0.0/8, separated by commas'
  const network = z.string({ error }).refine(isNetwork, { error })
  const list = z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(network, { error }))
  return z.union([z.array(network), list], { error })
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
}

function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  return bare && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : undefined
}
