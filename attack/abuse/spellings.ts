import type { Door } from './doors.ts'
import { hostileSignin, rawRequest } from './raw-request.ts'
import { tallied, type Verdict } from './verdict.ts'

const SPELLINGS = [
  '/auth/signin',
  '//auth/signin',
  '/auth//signin',
  '/auth/signin/',
  '/AUTH/SIGNIN',
  '/Auth/signin',
  '/auth/%73ignin',
  '/auth%2fsignin',
  '/auth%2Fsignin',
  '/%61uth/signin',
  '/auth/signin%2f',
  '/auth/signin%20',
  '/auth/signin%00',
  '/auth/signin?',
  '/auth/signin?a=1&a=2',
  '/auth/signin?next=//example.com',
  '/auth/signin?next=%E0%A4%A',
  '/auth/signin;a=1',
  '/auth/./signin',
  '/auth/x/../signin',
  '/auth/x/%2e%2e/signin',
  '/auth/%c0%aesignin',
  '/auth\\signin',
  '/auth/signin.json',
  '/auth/signin.rsc',
  '/auth/signin#x',
  '/_next/../auth/signin',
  '/_next/data/x/auth/signin.json',
  'http://localhost/auth/signin',
]
const METHODS = ['POST', 'HEAD', 'GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']

/**
 * For an address whose budget is spent: however the path is written, nobody looks at a password (200, 401, 403), and
 * nothing breaks (5xx). A path that is no spelling of the door may be redirected or not found.
 */
export async function respell(door: Door): Promise<Verdict[]> {
  const statuses: string[] = []
  const wrong: string[] = []
  for (const path of SPELLINGS)
    for (const method of METHODS) {
      const status = await rawRequest(door.origin, path, { ...hostileSignin('speller@example.com'), method }).catch(
        (error: NodeJS.ErrnoException) => error.code ?? 'refused',
      )
      statuses.push(String(status))
      const looked = method === 'POST' && [200, 202, 303, 401, 403].includes(Number(status))
      if (looked || Number(status) >= 500 || typeof status === 'string') wrong.push(`${method} ${path} ${status}`)
    }
  const attack = `${SPELLINGS.length} spellings of a spent door, ${METHODS.length} methods, ${door.name}`
  return [{ attack, figure: wrong.length > 0 ? wrong.join('; ') : tallied(statuses), held: wrong.length === 0 }]
}
