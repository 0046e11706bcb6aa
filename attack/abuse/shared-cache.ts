import { request } from 'node:https'
import { PAGE_PATHS, ROUTE_PATHS } from '../../e2e/addresses.ts'
import type { Door } from './doors.ts'
import type { Verdict } from './verdict.ts'

interface Cached {
  status: number
  /** What nginx says of its cache: HIT, MISS, or nothing where it keeps nothing. */
  cache: string
  text: string
  cookies: string[]
}

/** The certificate is one that nobody signed: it was made a moment ago for this proxy. */
function ask(origin: string, path: string, headers: Record<string, string> = {}, body?: object): Promise<Cached> {
  const { port } = new URL(origin)
  const sent = body === undefined ? '' : JSON.stringify(body)
  const typed = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(sent.length) }
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        rejectUnauthorized: false,
        headers: { ...headers, ...typed },
      },
      async (response) => {
        const text = (await response.toArray()).join('')
        const cookies = (response.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0] ?? '')
        resolve({
          status: response.statusCode ?? 0,
          cache: String(response.headers['x-cache-status'] ?? ''),
          text,
          cookies,
        })
      },
    )
    asked.once('error', reject)
    asked.end(sent)
  })
}

/** Signs up, reads the mail in the embedded mailbox of the app, and confirms. Gives the cookies of a signed-in browser. */
async function signedIn({ origin }: Door, email: string): Promise<string> {
  const signup = await ask(origin, '/auth/signup', {}, { email, password: 'a lantern in the hall' })
  const { challengeId } = JSON.parse(signup.text)
  const code = await mailedCode(origin, email)
  const verified = await ask(
    origin,
    '/auth/verify',
    { cookie: signup.cookies.join('; ') },
    { challengeId, token: code },
  )
  if (verified.status !== 200) throw new Error(`Confirming ${email} answered ${verified.status}.`)
  return [...signup.cookies, ...verified.cookies].filter((cookie) => !cookie.endsWith('=')).join('; ')
}

async function mailedCode(origin: string, email: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    // Another address each time: the question itself must not come out of a cache.
    const { text } = await ask(origin, `/mailbox/messages?to=${encodeURIComponent(email)}&try=${tries}`)
    const code = /\\n(\d{6})\\n/u.exec(text)?.[1]
    if (code) return code
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`No mail to ${email}.`)
}

const FRAMEWORK = [
  {},
  { rsc: '1' },
  { rsc: '1', 'next-router-prefetch': '1' },
  { 'x-forwarded-host': 'evil.example', 'x-original-url': '/account', 'x-nextjs-data': '1' },
]
const TAILS = ['', '?a=1', '/x.css', '/x.js', ';x.css', '%2fx.css', '?_rsc=1']
/** All but the embedded mailbox, which shows everybody's mail to everybody and is on no real site. */
const PATHS = [...PAGE_PATHS.flatMap((path) => TAILS.map((tail) => path + tail)), ...ROUTE_PATHS, '/nowhere'].filter(
  (path) => !path.startsWith('/mailbox'),
)
/** How many each of the two asks for: every path by each set of headers. */
export const SHARED_ADDRESSES = PATHS.length * FRAMEWORK.length

/**
 * Two people behind one cache that keeps whatever does not forbid it: what the first was shown is shown to nobody else, and
 * what somebody puts in is given to nobody. That static files are kept shows that the cache is there.
 */
export async function shareACache(door: Door): Promise<Verdict[]> {
  const [ann, ben] = [await signedIn(door, 'ann@example.com'), await signedIn(door, 'ben@example.com')]
  const leaks: string[] = []
  const kept = new Set<string>()
  // Next's own redirects to the same path in another spelling say nothing of anybody, and carry no Cache-Control.
  const tidied = new Set<string>()
  let shown = 0
  for (const path of PATHS)
    for (const headers of FRAMEWORK) {
      const poisoned = { ...headers, cookie: `${ann}; __Host-flash=${POISON}; __Host-pending=${POISON}` }
      const own = await ask(door.origin, path, poisoned)
      if (own.text.includes('ann@example.com')) shown += 1
      for (const cookie of [ben, '']) {
        const { text, cache, cookies, status } = await ask(door.origin, path, { ...headers, ...(cookie && { cookie }) })
        if (cache === 'HIT') (status === 307 || status === 308 ? tidied : kept).add(path)
        if (/ann@example\.com|poison-canary|evil\.example/u.test(text + cookies.join())) leaks.push(`${path} ${cache}`)
      }
    }
  const script = /\/_next\/static\/[\w./~-]+\.js/u.exec((await ask(door.origin, '/')).text)?.[0] ?? ''
  await ask(door.origin, script)
  const ofScript = (await ask(door.origin, script)).cache
  return [
    {
      attack: `two people, ${SHARED_ADDRESSES} addresses, ${door.name}`,
      figure: `${leaks.length} shown to the other${leaks.length > 0 ? `: ${leaks.slice(0, 5).join(', ')}` : ''}; ${kept.size} kept but ${tidied.size} redirects to the same path, ${shown} shown to their owner; a script: ${ofScript}`,
      held: leaks.length === 0 && kept.size === 0 && shown > 0 && ofScript === 'HIT',
    },
  ]
}

const POISON = Buffer.from(
  JSON.stringify({ screen: '/signin', kind: 'failure', code: 'x', message: 'poison-canary', email: 'poison-canary' }),
).toString('base64url')
