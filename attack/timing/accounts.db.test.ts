import { afterEach, beforeEach, expect, it } from 'vitest'
import { users } from '#db/schema/tables'
import { signup } from '#lib/auth/signup'
import { systemRandom } from '#lib/random'
import { browser, type TestDeps, testDeps } from '../../test/deps.ts'
import { must, PASSWORD } from '../../test/journey.ts'
import { addressSeries, CLASSES, classOf } from './accounts.ts'

let deps: TestDeps
beforeEach(async () => {
  deps = await testDeps()
})
afterEach(() => deps.db.close())

it('hands out addresses of each class, each once, until there are no more', async () => {
  const series = await addressSeries(deps, 3)
  const rounds = [await series.next(), await series.next(), await series.next()]
  for (const round of rounds) for (const name of CLASSES) expect(await classOf(deps, round[name])).toBe(name)
  expect(new Set(rounds.flatMap((round) => Object.values(round))).size).toBe(3 * CLASSES.length)
  expect(new Set(rounds.flatMap((round) => Object.values(round).map(({ length }) => length))).size).toBe(1)
  await expect(series.next()).rejects.toThrow('Every address has been asked for.')
})

it('sees that an unknown address has signed up', async () => {
  const { unknown } = await (await addressSeries(deps, 1)).next()
  must(await signup(deps, { email: unknown, password: PASSWORD }, browser('laptop')))
  expect(await classOf(deps, unknown)).toBe('pending')
})

it.each([
  ['pending', 'verified', { verifiedAt: 1 }],
  ['pending', 'unknown', null],
] as const)('refuses to pass one off as %s that is %s', async (name, found, change) => {
  const series = await addressSeries(deps, 1)
  await deps.db.run((tx) => (change ? tx.update(users).set(change) : tx.delete(users)))
  await expect(series.next()).rejects.toThrow(`should be ${name} before its call and is ${found}.`)
})

it('refuses to pass one off as unknown that has signed up', async () => {
  const drawn: string[] = []
  const digits = (count: number) => {
    drawn.push(systemRandom.digits(count))
    return drawn.at(-1) ?? ''
  }
  const series = await addressSeries({ ...deps, random: { ...systemRandom, digits } }, 1)
  // Of each round the unknown one is drawn first.
  must(await signup(deps, { email: `visitor${drawn[0]}@example.com`, password: PASSWORD }, browser('laptop')))
  await expect(series.next()).rejects.toThrow('should be unknown before its call and is pending.')
})
