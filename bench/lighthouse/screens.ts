import { ApiClient, newAddress, newestChallenge } from '../../e2e/api-client.ts'
import { newestMail } from '../../e2e/mailbox.ts'

export interface Screen {
  /** What the table calls it. */
  name: string
  /** With query and fragment. */
  path: string
  /** Of whoever looks at it. */
  cookies?: ApiClient['cookies']
  /** Answered with this status; 200 unless said otherwise. */
  status?: number
}

const PASSWORD = 'a lantern in the hall'

/** Every screen, in the states that differ to look at. The links among them are opened in a browser that did not ask. */
export async function screens(origin: string): Promise<Screen[]> {
  const signingUp = await visitor(origin, '/auth/signup')
  const signingIn = await account(origin)
  const resetting = await account(origin)
  const signedIn = await account(origin)
  const signinLink = await mailed(signingIn, '/auth/signin/request')
  const resetLink = await mailed(resetting, '/auth/password/reset/request')
  const { id } = await newestMail(signedIn.email, { origin })
  const { cookies } = signedIn.client
  return [
    { name: '/', path: '/' },
    { name: '/, signed in', path: '/', cookies },
    { name: '/signup', path: '/signup' },
    { name: '/signin', path: '/signin' },
    { name: '/verify, nothing asked for', path: '/verify' },
    { name: '/verify, after a sign-up', path: '/verify', cookies: signingUp.client.cookies },
    { name: '/verify, signing in', path: '/verify', cookies: signingIn.client.cookies },
    { name: '/magic-link, a dead link', path: '/magic-link' },
    { name: '/magic-link of a sign-up', path: `/magic-link${await fragment(origin, signingUp.email)}` },
    { name: '/magic-link of a sign-in', path: `/magic-link${signinLink}` },
    { name: '/reset', path: '/reset' },
    { name: '/reset/new, nothing asked for', path: '/reset/new' },
    { name: '/reset/new, by code', path: '/reset/new', cookies: resetting.client.cookies },
    { name: '/reset/new, by link', path: `/reset/new${resetLink}` },
    { name: '/account', path: '/account', cookies },
    { name: '/account/password', path: '/account/password', cookies },
    { name: '/account/sessions', path: '/account/sessions', cookies },
    { name: '/mailbox', path: `/mailbox?to=${signedIn.email}` },
    { name: '/mailbox, an email', path: `/mailbox?to=${signedIn.email}&id=${id}` },
    { name: 'a page that is not there', path: '/nowhere', status: 404 },
  ]
}

interface Visitor {
  client: ApiClient
  email: string
}

/** Somebody who has just signed up, and was not yet asked for the code. */
async function visitor(origin: string, path: string): Promise<Visitor> {
  const [client, email] = [new ApiClient(origin), newAddress()]
  await accepted(client, path, { email, password: PASSWORD })
  await newestMail(email, { origin })
  return { client, email }
}

/** Somebody with an account, signed in. */
async function account(origin: string): Promise<Visitor> {
  const { client, email } = await visitor(origin, '/auth/signup')
  const { challengeId, code } = await newestChallenge(origin, email)
  await accepted(client, '/auth/verify', { challengeId, token: code })
  return { client, email }
}

/** Asks, signed out, for a link. Gives the fragment of it; the challenge is pending in that browser. */
async function mailed({ client, email }: Visitor, path: string): Promise<string> {
  const before = await newestMail(email, { origin: client.origin })
  await accepted(client, '/auth/signout', {})
  await accepted(client, path, { email })
  return fragment(client.origin, email, before)
}

async function fragment(origin: string, ...which: [email: string, after?: Awaited<ReturnType<typeof newestMail>>]) {
  const { challengeId, linkToken } = await newestChallenge(origin, ...which)
  return `#c=${challengeId}&t=${linkToken}`
}

async function accepted(client: ApiClient, path: string, body: object): Promise<void> {
  const { status, text } = await client.call(path, body)
  if (status >= 300) throw new Error(`POST ${path} answered ${status}: ${text}`)
}
