import { describe, expect, it } from 'vitest'
import { parseRoute, pathOf, type Route } from './routes.ts'

const at = (path: string): Route => parseRoute(new URL(path, 'http://weft.test'))

describe('parseRoute', () => {
  it('reads the list, with the search that stands in its address', () => {
    expect(at('/')).toEqual({ kind: 'documents', search: '' })
    expect(at('/?q=tide%20tables')).toEqual({ kind: 'documents', search: 'tide tables' })
  })

  it('reads the trash and a document, with or without a slash at the end', () => {
    expect(at('/trash')).toEqual({ kind: 'trash' })
    expect(at('/trash/')).toEqual({ kind: 'trash' })
    expect(at('/d/AbC_-9')).toEqual({ kind: 'document', id: 'AbC_-9' })
    expect(at('/d/AbC_-9/')).toEqual({ kind: 'document', id: 'AbC_-9' })
  })

  it('takes no address with an impossible document id for a document', () => {
    for (const path of ['/d/', '/d/a.b', '/d/a%20b', '/d/a/b', `/d/${'x'.repeat(129)}`]) {
      expect(at(path).kind).toBe('unknown')
    }
  })

  it('never takes an unknown address for the list', () => {
    expect(at('/documents')).toEqual({ kind: 'unknown', path: '/documents' })
  })
})

describe('pathOf', () => {
  it('gives an address that reads back as the same route', () => {
    const routes: Route[] = [
      { kind: 'documents', search: '' },
      { kind: 'documents', search: 'a & b = c?' },
      { kind: 'trash' },
      { kind: 'document', id: 'kV3' },
      { kind: 'unknown', path: '/nowhere' },
    ]
    for (const route of routes) expect(at(pathOf(route))).toEqual(route)
  })
})
