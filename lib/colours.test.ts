import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { dark, light } from './colours.ts'

it.each([
  ['light', light, 0],
  ['dark', dark, 1],
] as const)('%s: they are those of the style sheet', (_, colours, index) => {
  const sheet = readFileSync(new URL('../app/globals.css', import.meta.url), 'utf8')
  const root = [...sheet.matchAll(/:root \{([^}]*)\}/gu)][index]?.[1] ?? ''
  const inSheet = Object.fromEntries(
    [...root.matchAll(/--([\w-]+): (#\w{6});/gu)].map(([, name = '', value]) => [
      name.replace(/-(\w)/gu, (_dash, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )
  expect(inSheet).toMatchObject(colours)
})
