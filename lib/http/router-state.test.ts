import fc from 'fast-check'
import { parseAndValidateFlightRouterState as readByNext } from 'next/dist/server/app-render/parse-and-validate-flight-router-state.js'
import { expect, it } from 'vitest'
import { isRouterState } from './router-state.ts'

const sent = (state: unknown) => encodeURIComponent(JSON.stringify(state))

it.each([
  [
    'asking for all of it anew',
    ['', { children: ['(screens)', { children: ['mailbox', { children: ['__PAGE__', {}] }] }] }, null, 'refetch', 16],
  ],
  ['with places and hints left out', ['', { children: ['__PAGE__?{"next":"/account"}', {}] }]],
  ['with nothing to say of them', ['', { children: ['signin', {}, null, null, 0] }, null, null]],
])('is what the script of a page sends, %s', (_, state) => {
  expect(isRouterState(sent(state))).toBe(true)
})

const TREE = ['', {}]
const BROKEN: [string, string][] = [
  ['empty', ''],
  ['half an escape', '%'],
  ['no JSON', 'x'],
  ['two headers in one', `${sent(TREE)}, ${sent(TREE)}`],
  ...[null, {}, [], [''], [0, {}], ['', []], ['', null], ['', { a: 0 }], ['', { a: ['', { b: 'x' }] }]].map(pair),
  pair(['', {}, 0]),
  pair(['', {}, ['a', 'b']]),
  pair(['', {}, null, 'all']),
  pair(['', {}, null, null, '1']),
  pair(['', {}, null, null, 1, '', 0]),
  ['a slot named as the prototype', '["",{"__proto__":0}]'],
]
function pair(state: unknown): [string, string] {
  return [JSON.stringify(state), sent(state)]
}

it.each(BROKEN)('is not: %s', (_, header) => {
  expect(isRouterState(header)).toBe(false)
})

it('is read by Next wherever it is handed on', () => {
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.jsonValue(),
      fc
        .tuple(
          fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 1 })),
          fc.oneof(
            { arbitrary: fc.dictionary(fc.string(), tie('tree'), { maxKeys: 2 }), weight: 4 },
            { arbitrary: fc.jsonValue(), weight: 1 },
          ),
          fc.constantFrom(null, 0, ['a', 'b']),
          fc.constantFrom(null, 'refetch', 'metadata-only', 'x'),
          fc.constantFrom(null, 0, 1.5, 'x'),
        )
        .chain((parts) => fc.nat(5).map((length) => parts.slice(0, length))),
    ),
  }))
  let handedOn = 0
  fc.assert(
    fc.property(tree, (state) => {
      if (!isRouterState(sent(state))) return
      handedOn++
      expect(readByNext(sent(state))).toEqual(state)
    }),
    { numRuns: 2000 },
  )
  expect(handedOn).toBeGreaterThan(20)
})

it('is no deeper than headers are long', () => {
  const deep = `${'["",{"a":'.repeat(1500)}["",{}]${'}]'.repeat(1500)}`
  expect(deep.length).toBeLessThan(16_384 * 1.1)
  expect(isRouterState(deep)).toBe(true)
})
