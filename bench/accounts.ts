import { codeIn, newestMail } from '../e2e/mailbox.ts'

export interface Account {
  email: string
  password: string
  /** Cookie of the browser that signed up. In one that is not known, each sign-in would be told to the owner by mail. */
  device?: string
}

/** JSON in, JSON out; throws unless the status is the expected one. */
export async function post(origin: string, path: string, body: object, expected: number, cookie = '') {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    // As a browser says it; Better Auth wants it of everybody.
    headers: { 'content-type': 'application/json', origin, cookie },
    body: JSON.stringify(body),
  })
  const answer = await response.text()
  if (response.status !== expected) throw new Error(`POST ${path} answered ${response.status}: ${answer}`)
  const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0])
  return { answer: JSON.parse(answer) as Record<string, string>, cookie: cookies.join('; ') }
}

/** Through the front door: sign up, read the mail, type the code. */
export async function createAccount(origin: string, name: string): Promise<Account> {
  const account = { email: `${name}@example.com`, password: `${name} walks in at noon` }
  const signedUp = await post(origin, '/auth/signup', account, 202)
  const token = codeIn(await newestMail(account.email, { origin }))
  const { challengeId } = signedUp.answer
  await post(origin, '/auth/verify', { challengeId, token }, 200, signedUp.cookie)
  const device = signedUp.cookie.split('; ').find((cookie) => cookie.startsWith('__Host-device='))
  if (!device) throw new Error('The sign-up set no device cookie.')
  return { ...account, device }
}

/** The cookies of a sign-in by password, in the browser that signed up. */
export async function signIn(origin: string, { email, password, device }: Account): Promise<string> {
  return (await post(origin, '/auth/signin', { email, password }, 200, device)).cookie
}
