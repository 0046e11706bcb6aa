import type { Account } from '../accounts.ts'
import { load, type Turn } from '../load.ts'
import { memory } from '../processes.ts'
import { probeDuring, rateOf } from '../storm.ts'
import type { Contestant } from './contestant.ts'

/** Clients that sign in without pause, and as many users who are signed in and do something else meanwhile. */
export const CLIENTS = 8

/** Whoever answers session checks, a turn each round. */
export interface Checked {
  name: string
  server: Pick<Contestant, 'origin' | 'pid' | 'sessionPath'>
  /** Cookies of users who do not sign in during the measurement. */
  sessions: string[]
  checks: Turn[]
}

/** What is known of one contestant, a value for each turn. */
export interface Measured extends Checked {
  server: Contestant
  clients: Account[]
  /** A second. */
  signUps: number[]
  signIns: number[]
  /** Milliseconds that other requests took while clients signed in, all turns together. */
  waits: number[]
  /** Bytes. */
  memory: { idle: number; after: number }
}

export function measuredOf(server: Contestant): Measured {
  const lists = { clients: [], sessions: [], signUps: [], signIns: [], waits: [], checks: [] }
  return { name: server.name, server, ...lists, memory: { idle: memory(server.pid), after: Number.NaN } }
}

/** Accounts and sessions, and a second of checks, so that nothing is measured cold. */
export async function prepare({ server, clients, sessions }: Measured): Promise<void> {
  for (let n = 1; n <= CLIENTS; n++) {
    clients.push(await server.createAccount(`client${n}`))
    sessions.push(await server.signIn(await server.createAccount(`other${n}`)))
  }
  await load(server, server.sessionPath, sessions, { seconds: 1 })
}

let strangers = 0

export async function signUpTurn({ server, signUps }: Measured, seconds: number): Promise<void> {
  const calls = Array.from({ length: CLIENTS }, () => () => server.signUp(`stranger${++strangers}`))
  signUps.push(await rateOf(calls, seconds * 1000))
}

export async function signInTurn({ server, clients, sessions, signIns, waits }: Measured, seconds: number) {
  const calls = clients.map((account) => () => server.signIn(account))
  const storm = rateOf(calls, seconds * 1000)
  const asked = sessions.flatMap((cookie) => [
    { url: server.origin + server.sessionPath, cookie },
    { url: server.origin + server.healthPath },
  ])
  waits.push(...(await probeDuring(asked, storm)))
  signIns.push(await storm)
}

export async function checkTurn({ server, sessions, checks }: Checked, seconds: number): Promise<void> {
  checks.push(await load(server, server.sessionPath, sessions, { seconds }))
}
