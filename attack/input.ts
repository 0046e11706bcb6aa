/**
 * The second half of `npm run attack:input`: the same noise and corpora over real HTTP, to the pages too, against the built
 * app with its server, its lane past Next, and Next. One request after the other, ATTACK_REQUESTS (10,000) of them; ends
 * with 1 when one is answered with a 5xx, leads off the site, or takes 250 ms of CPU of the server's main thread.
 */
import fc from 'fast-check'
import { PAGE_PATHS } from '../e2e/addresses.ts'
import { ApiClient, newAddress, newestChallenge } from '../e2e/api-client.ts'
import { ask, type RawAnswer } from '../e2e/ask.ts'
import { startServer } from '../e2e/start-server.ts'
import { OWN_WORK_BELOW_MS } from '../test/attack/own-work.ts'
import { tallied } from './abuse/verdict.ts'
import { exitOnSignals } from './exit-on-signals.ts'
import { type HttpRequest, httpRequests } from './input/http-requests.ts'
import { mainThreadWork } from './input/main-thread.ts'

const REQUESTS = Number(process.env.ATTACK_REQUESTS ?? 10_000)
/** A body beyond this may be answered, and the connection closed, before all of it has gone. */
const ANSWERED_EARLY_FROM = 16 * 1024

exitOnSignals()
const server = await startServer({ LIMIT_SCALE: '1000000', TRUSTED_PROXY_HOPS: '1' })
const { origin, pid } = server

/** The cookies of somebody who has signed up and typed the code. */
async function signIn(): Promise<string> {
  const visitor = new ApiClient(origin)
  const email = newAddress()
  await visitor.call('/auth/signup', { email, password: 'a lantern in the hall' })
  const { challengeId, code } = await newestChallenge(origin, email)
  await visitor.call('/auth/verify', { challengeId, token: code })
  return [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}

const cutOff = new Set(['ECONNRESET', 'EPIPE'])

/** Null when the connection was closed before a body had gone that is too large to be read. */
async function send({ method, path, headers, cookie, body }: HttpRequest): Promise<RawAnswer | null> {
  const sent = cookie ?? signedIn
  try {
    return await ask(origin, path, { ...headers, ...(sent && { cookie: sent }) }, { method, body })
  } catch (error) {
    if (cutOff.has((error as NodeJS.ErrnoException).code ?? '') && body.length > ANSWERED_EARLY_FROM) return null
    throw error
  }
}

function misses({ status, headers }: RawAnswer, milliseconds: number | null): string | null {
  if (status >= 500) return `answered ${status}`
  const { location } = headers
  if (location !== undefined && new URL(location, origin).origin !== origin) return `leads to ${location}`
  if (milliseconds !== null && milliseconds >= OWN_WORK_BELOW_MS) return `took ${milliseconds} ms of CPU`
  return null
}

// What a page loads at its first visit, it loads once in the life of a process.
for (const path of PAGE_PATHS) await ask(origin, path)
const signedIn = await signIn()

const statuses: (number | string)[] = []
let costliest = { path: '', milliseconds: 0 }
let work = mainThreadWork(pid)

async function attack(request: HttpRequest): Promise<void> {
  const answer = await send(request)
  const [before, now] = [work, mainThreadWork(pid)]
  work = now
  const milliseconds = before === null || now === null ? null : now - before
  if (milliseconds !== null && milliseconds > costliest.milliseconds)
    costliest = { path: request.path.slice(0, 60), milliseconds }
  statuses.push(answer?.status ?? 'cut off')
  const missed = answer && misses(answer, milliseconds)
  if (missed) throw new Error(`${request.method} ${request.path} ${missed}`)
}

const say = (line: string) => process.stdout.write(`${line}\n`)
try {
  await fc.assert(fc.asyncProperty(httpRequests, attack), { numRuns: REQUESTS })
} catch (error) {
  process.exitCode = 1
  const { message, cause } = error as Error
  say(`${(cause as Error | undefined)?.message}\n${message}`)
}
say(`${statuses.length} requests over HTTP: ${tallied(statuses)}; costliest ${JSON.stringify(costliest)}`)
// A 5xx that is in the log, even one that no answer showed.
await server.stop().catch((error: Error) => {
  process.exitCode = 1
  say(error.message.split('\n\n', 1)[0] ?? '')
})
