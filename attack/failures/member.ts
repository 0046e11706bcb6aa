import { ApiClient } from '../../e2e/api-client.ts'
import type { AppProcess } from '../crash/app-process.ts'
import { challengeIn, type Inbox } from '../crash/letters.ts'
import { eventually, must, PASSWORD, signUp } from './case.ts'

/** The sender job looks every five seconds. */
const ARRIVES_WITHIN_MS = 15_000

/** Signs up, types the code from the mail: a verified account, and the client that holds its session. */
export async function member(app: AppProcess, inbox: Inbox) {
  const { email, client, status } = await signUp(app.origin)
  must(status === 202, `A sign-up answered ${status}.`)
  await eventually(() => inbox.of(email, 'verify').length > 0, ARRIVES_WITHIN_MS, 'Mail did not arrive')
  const [letter] = inbox.of(email, 'verify')
  must(letter !== undefined, 'Mail did not arrive.')
  const { challengeId, code } = challengeIn(letter)
  const verified = await client.call('/auth/verify', { challengeId, token: code })
  must(verified.status === 200, `A code answered ${verified.status}.`)
  return { email, client }
}

/** From a browser that the account does not know. */
export const signIn = (app: AppProcess, email: string, password = PASSWORD) =>
  new ApiClient(app.origin).call('/auth/signin', { email, password })
