import { expect } from 'playwright/test'
import { ApiClient, type challengeIn, newAddress, newestChallenge } from './api-client.ts'
import type { MailboxMessage } from './mailbox.ts'

type Mail = Pick<MailboxMessage, 'id' | 'text'>
/** The challenge of the newest mail to an address; with `after`, of one newer than that. */
export type ReadMail = (email: string, after?: { id: string }) => Promise<ReturnType<typeof challengeIn<Mail>>>

const fromMailbox =
  (origin: string): ReadMail =>
  (email, after) =>
    newestChallenge(origin, email, after)

/**
 * The whole journey by the API alone: sign up, confirm, sign out, sign in, by link, forget the password, reset it, change it.
 * Leaves `visitor` signed in. Returns every secret that was typed or mailed, for whoever looks where they went.
 */
export async function wholeStory(origin: string, visitor = new ApiClient(origin), read = fromMailbox(origin)) {
  const [email, password, newPassword] = [newAddress(), 'canary-password-one', 'canary-password-two']
  const lastPassword = 'canary-password-three'
  const secrets = new Set([password, newPassword, lastPassword])
  const step = async (path: string, body: object | undefined, status: number) => {
    const answer = await visitor.call(path, body)
    expect([path, answer.status, answer.text]).toEqual([path, status, expect.anything()])
  }
  const mailed = async (after?: { id: string }) => {
    const challenge = await read(email, after)
    secrets.add(challenge.code).add(challenge.linkToken)
    return challenge
  }

  await step('/auth/signup', { email, password }, 202)
  const signup = await mailed()
  await step('/auth/verify', { challengeId: signup.challengeId, token: '000000' }, 400)
  await step('/auth/verify', { challengeId: signup.challengeId, token: signup.code }, 200)
  await step('/auth/session', undefined, 200)
  await step('/auth/signout', {}, 200)
  await step('/auth/session', undefined, 401)
  await step('/auth/signin', { email, password: 'canary-wrong-password' }, 401)
  secrets.add('canary-wrong-password')
  await step('/auth/signin', { email, password }, 200)
  await step('/auth/signin/request', { email }, 202)
  const signin = await mailed(signup.mail)
  await step('/auth/verify/preview', { challengeId: signin.challengeId, token: signin.linkToken }, 200)
  await step('/auth/verify', { challengeId: signin.challengeId, token: signin.linkToken }, 200)
  await step('/auth/password/reset/request', { email }, 202)
  const reset = await mailed(signin.mail)
  await step(
    '/auth/password/reset',
    { challengeId: reset.challengeId, token: reset.linkToken, password: newPassword },
    200,
  )
  await step('/auth/session', undefined, 401)
  await step('/auth/signin', { email, password }, 401)
  await step('/auth/signin', { email, password: newPassword }, 200)
  await step('/auth/password/change', { currentPassword: password, password: lastPassword }, 403)
  await step('/auth/password/change', { currentPassword: newPassword, password: lastPassword }, 200)
  await step('/auth/sessions', undefined, 200)
  const nobodys = ['A'.repeat(22)]
  await step('/auth/sessions/end', { sessionIds: nobodys, currentPassword: newPassword }, 403)
  await step('/auth/sessions/end', { sessionIds: nobodys, currentPassword: lastPassword }, 200)
  await step('/auth/session', undefined, 200)
  return { email, password: lastPassword, secrets: [...secrets] }
}
