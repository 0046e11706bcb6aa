import { ApiClient, newAddress } from '../../e2e/api-client.ts'

/** One thing that a client asks, and what it must be told. */
interface Errand {
  path: string
  expected: number
  body?: () => object
}

/** Reads and writes; no hash but one in twenty, so that there are many of them. */
const ERRANDS: Errand[] = [
  { path: '/signin', expected: 200 },
  { path: '/auth/session', expected: 401 },
  { path: '/auth/signin/request', expected: 202, body: () => ({ email: newAddress() }) },
  { path: '/auth/password/reset/request', expected: 202, body: () => ({ email: newAddress() }) },
]
const SIGNUP: Errand = {
  path: '/auth/signup',
  expected: 202,
  body: () => ({ email: newAddress(), password: 'a lantern in the hall' }),
}
const SIGNUP_EVERY = 20

export interface Answered {
  reads: number
  writes: number
  /** `POST /auth/signup 502`, once for each answer that was not as it must be. */
  failed: string[]
}

async function run({ path, expected, body }: Errand, origin: string, answered: Answered): Promise<void> {
  const said = await new ApiClient(origin).call(path, body?.()).then(
    ({ status }) => status,
    (error: Error) => `${error.message}: ${(error.cause as Error | undefined)?.message}`,
  )
  if (body) answered.writes += 1
  else answered.reads += 1
  if (said !== expected) answered.failed.push(`${body ? 'POST' : 'GET'} ${path} ${said}`)
}

/** Clients that ask without pause until told to stop, on connections that are kept. */
export function startClients(origin: string, count: number, only?: 'reads'): () => Promise<Answered> {
  const errands = only ? ERRANDS.filter(({ body }) => !body) : ERRANDS
  const answered: Answered = { reads: 0, writes: 0, failed: [] }
  let over = false
  const client = async (first: number) => {
    for (let turn = first; !over; turn++) {
      const hashes = !only && turn % SIGNUP_EVERY === 0
      await run(hashes ? SIGNUP : (errands[turn % errands.length] ?? SIGNUP), origin, answered)
    }
  }
  const clients = Array.from({ length: count }, (_, first) => client(first * 3))
  return async () => {
    over = true
    await Promise.all(clients)
    return answered
  }
}
