import { POST as resetRequest } from '../../app/auth/password/reset/request/route.ts'
import { POST as signinRequest } from '../../app/auth/signin/request/route.ts'
import { POST as signin } from '../../app/auth/signin/route.ts'
import { POST as signup } from '../../app/auth/signup/route.ts'
import { POST as verifyRequest } from '../../app/auth/verify/request/route.ts'

type Route = (request: Request) => Promise<Response>

const sender = (route: Route, extra: object) => (email: string) =>
  route(
    new Request('http://localhost:3000/', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': '192.0.2.1',
        cookie: `__Host-device=${'d'.repeat(43)}`,
      },
      body: JSON.stringify({ email, ...extra }),
    }),
  )

/** The five doors at which a stranger can name an address. */
export const ENDPOINTS = [
  { name: 'signup', status: 202, send: sender(signup, { password: 'a lantern in the hall' }) },
  { name: 'signin', status: 401, send: sender(signin, { password: 'not the password' }) },
  { name: 'verify/request', status: 202, send: sender(verifyRequest, {}) },
  { name: 'signin/request', status: 202, send: sender(signinRequest, {}) },
  { name: 'password/reset/request', status: 202, send: sender(resetRequest, {}) },
]
