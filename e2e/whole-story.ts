import { expect } from 'playwright/test'
import { ApiClient, newAddress, newestChallenge } from './api-client.ts'

/**
 * The whole journey by the API alone: sign up, confirm, sign out, sign in, by link, forget the password, reset it, change it.
 * Returns every answer and every secret that passed by, for whoever looks where they went.
 */
export async function wholeStory(origin: string) {
  const [email, password, newPassword] = [newAddress(), 'canary-password-one', 'canary-password-two']
  const lastPassword = 'canary-password-three'
  const visitor = new ApiClient(origin)
  const answers: string[] = []
  const secrets = new Set([password, newPassword, lastPassword])
  const step = async (path: string, body: object | undefined, status: number) => {
    const answer = await visitor.call(path, body)
    expect([path, answer.status, answer.text]).toEqual([path, status, expect.anything()])
    answers.push(answer.text)
    for (const name of ['__Host-session', '__Host-device'])
      if (visitor.cookies.has(name)) secrets.add(visitor.cookies.get(name) ?? '')
  }
  const mailed = async (after?: Parameters<typeof newestChallenge>[2]) => {
    const challenge = await newestChallenge(origin, email, after)
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
  await step('/auth/session', undefined, 200)
  return { email, answers, secrets: [...secrets] }
}
