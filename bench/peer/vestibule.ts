import { startServer } from '../../e2e/start-server.ts'
import { createAccount, post, signIn } from '../accounts.ts'
import type { Contestant } from './contestant.ts'

const COST = '12'
/** Budgets must not end the measurement; every counter is still raised and checked. */
const LIMIT_SCALE = '1000000'

/** The built app by its own entry, one process unless `settings` say otherwise. */
export async function startVestibule(
  name: string,
  settings: Record<string, string> = {},
): Promise<Contestant & { log(): string }> {
  const server = await startServer({ BCRYPT_COST: COST, LIMIT_SCALE, LOG_LEVEL: 'error', WORKERS: '1', ...settings })
  const { origin, pid, log, stop } = server
  return {
    name,
    origin,
    pid,
    log,
    sessionPath: '/auth/session',
    healthPath: '/health',
    signUp: (who) =>
      post(origin, '/auth/signup', { email: `${who}@example.com`, password: `${who} walks in at noon` }, 202),
    createAccount: (who) => createAccount(origin, who),
    signIn: (account) => signIn(origin, account),
    stop: () => stop(),
  }
}
