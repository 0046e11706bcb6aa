import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Finished, runCommand } from './command.ts'
import type { Door } from './doors.ts'
import { openInjectableDoor } from './injectable-door.ts'
import type { Verdict } from './verdict.ts'

const AT_ONCE = 2
const CONTROL_WITHIN_MS = 60_000
const challenge = { challengeId: 'A'.repeat(22), token: '000000' }
const person = { email: 'ann@example.com', password: 'a lantern in the hall' }

/** Every POST route with a body that passes its schema. */
const BODIES: [path: string, body: Record<string, string>][] = [
  ['/auth/signup', person],
  ['/auth/verify/request', { email: person.email }],
  ['/auth/verify/preview', challenge],
  ['/auth/verify', { ...challenge, password: person.password }],
  ['/auth/verify/reject', challenge],
  ['/auth/signin', person],
  ['/auth/signin/request', { email: person.email }],
  ['/auth/signout', { everywhere: 'true' }],
  ['/auth/password/reset/request', { email: person.email }],
  ['/auth/password/reset', { ...challenge, password: person.password }],
  ['/auth/sessions/end', { sessionIds: challenge.challengeId, currentPassword: person.password }],
  ['/auth/password/change', { currentPassword: person.password, password: person.password }],
]

interface Target {
  path: string
  kind: 'JSON' | 'form'
  data: string
}

const TARGETS: Target[] = BODIES.flatMap(([path, body]) => [
  { path, kind: 'JSON', data: JSON.stringify(body) },
  { path, kind: 'form', data: new URLSearchParams(body).toString() },
])

const options = ({ path, data }: Target, origin: string, folder: string) => [
  ...['-u', origin + path, '--data', data, '--method', 'POST', '--batch', '--level', '2', '--risk', '1'],
  // The database is known, and every answer is an error to sqlmap: neither is to stop it.
  ...['--dbms', 'SQLite', '--ignore-code', '401', '--ignore-redirects', '--threads', '4', '--technique', 'BEUS'],
  ...['--skip-waf', '--disable-coloring', '--timeout', '10', '--retries', '0', '--output-dir', folder],
]

async function attackAll(origin: string, withinMs: number): Promise<[Target, Finished][]> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-sqlmap-'))
  const until = performance.now() + withinMs
  const waiting = [...TARGETS.entries()]
  const done: [Target, Finished][] = []
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, target] = next
      // What one target leaves of its time is shared by those after it.
      const share = ((until - performance.now()) * AT_ONCE) / (waiting.length + AT_ONCE)
      done.push([target, await runCommand('sqlmap', options(target, origin, join(folder, String(index))), share)])
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  rmSync(folder, { recursive: true, force: true })
  return done
}

/** What sqlmap prints when it believes that it is in, or might be. */
const INJECTABLE =
  /is vulnerable|identified the following injection point|appears to be .*injectable|might be injectable/u
const TESTED = /do(?:es)? not (?:appear|seem) to be injectable/u

/** Whether sqlmap, run as at our own routes, sees a statement that is put together from what was sent. */
async function findsPlantedHole(): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-sqlmap-'))
  const door = await openInjectableDoor()
  const target: Target = { path: '/auth/signin', kind: 'JSON', data: JSON.stringify(person) }
  const { output } = await runCommand('sqlmap', options(target, door.origin, folder), CONTROL_WITHIN_MS)
  await door.close()
  rmSync(folder, { recursive: true, force: true })
  const held = INJECTABLE.test(output)
  return { attack: 'sqlmap finds a hole made for it', figure: held ? 'found' : output.slice(-300), held }
}

/** First, sqlmap must find a hole made for it. Then every field of every POST route, as JSON and as a form, each for its share of the time. */
export async function injectWithSqlmap(door: Door, withinMs: number): Promise<Verdict[]> {
  const control = await findsPlantedHole()
  const done = await attackAll(door.origin, withinMs)
  const suspects = done.filter(([, { output }]) => INJECTABLE.test(output)).map(([{ path, kind }]) => `${path} ${kind}`)
  const idle = done
    .filter(([, { output, cut }]) => !cut && !/testing /u.test(output))
    .map(([{ path, kind }]) => `${path} ${kind}`)
  const complete = done.filter(([, { output, cut }]) => !cut && TESTED.test(output)).length
  const figure = `${suspects.length} injectable; ${complete} finished, ${done.filter(([, { cut }]) => cut).length} cut off by the clock`
  const named = [...suspects, ...idle.map((target) => `${target} was not tested`)]
  return [
    control,
    {
      attack: `sqlmap, ${BODIES.length} routes, JSON and form`,
      figure: [figure, ...named].join('; '),
      held: suspects.length === 0 && idle.length === 0,
    },
  ]
}
