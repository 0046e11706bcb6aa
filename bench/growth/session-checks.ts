/** Checks sessions at a steady pace, as a server does, and tells its parent how long each took. */
import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseLocation } from '../../db/client.ts'
import { currentSession } from '../../lib/auth/current-session.ts'
import { account, grownApp } from './app.ts'
import { SESSION_EVERY } from './rows.ts'

const EVERY_MS = 2

export type ToChecks = { location: DatabaseLocation; size: number } | 'report'

async function check(location: DatabaseLocation, size: number, took: number[]): Promise<never> {
  const app = grownApp(location)
  for (;;) {
    const { token } = account((randomInt(Math.floor(size / SESSION_EVERY)) + 1) * SESSION_EVERY)
    const began = performance.now()
    const found = await currentSession(app, token)
    took.push(performance.now() - began)
    if (!found.ok) throw new Error('A live session was gone.')
    await pause(EVERY_MS)
  }
}

const took: number[] = []
process.on('message', (message: ToChecks) => {
  // Milliseconds of each check since the last report.
  if (message === 'report') process.send?.(took.splice(0))
  else void check(message.location, message.size, took)
})
