import { SIGNIN_FAILURES_PER_ORIGIN } from '../../lib/auth/policy.ts'
import type { Door } from './doors.ts'
import { hostileSignin, rawRequest } from './raw-request.ts'
import { tallied, type Verdict } from './verdict.ts'

type Headers = Record<string, string | string[]>

/** Every header that some server somewhere believes, each time with another address in it. */
const FORGERIES: ((n: number) => Headers)[] = [
  (n) => ({ 'x-forwarded-for': `203.0.113.${n}` }),
  (n) => ({ 'x-forwarded-for': `203.0.113.${n}, 198.51.100.${n}, 10.0.0.${n}` }),
  (n) => ({ 'x-forwarded-for': [`203.0.113.${n}`, `198.51.100.${n}`] }),
  (n) => ({ 'x-forwarded-for': `2001:db8:${n}::1` }),
  (n) => ({ 'x-forwarded-for': `::ffff:203.0.113.${n}` }),
  (n) => ({ 'x-forwarded-for': `203.0.113.${n}:4711,` }),
  (n) => ({ 'X-FORWARDED-FOR': `127.0.0.1, 203.0.113.${n}`, 'x-forwarded-host': `h${n}.example.com` }),
  (n) => ({ 'x-real-ip': `203.0.113.${n}` }),
  (n) => ({ forwarded: `for=203.0.113.${n};proto=https;by=198.51.100.${n}` }),
  (n) => ({ forwarded: `for="[2001:db8:${n}::1]:4711", for=203.0.113.${n}` }),
  (n) => ({ 'x-client-ip': `203.0.113.${n}`, 'client-ip': `203.0.113.${n}`, 'x-cluster-client-ip': `203.0.113.${n}` }),
  (n) => ({
    'cf-connecting-ip': `203.0.113.${n}`,
    'true-client-ip': `203.0.113.${n}`,
    'fastly-client-ip': `203.0.113.${n}`,
  }),
  (n) => ({ 'x-forwarded': `203.0.113.${n}`, 'forwarded-for': `203.0.113.${n}`, via: `1.1 203.0.113.${n}` }),
  (n) => ({ connection: 'x-forwarded-for, x-real-ip', 'x-forwarded-for': `203.0.113.${n}` }),
]
const ROUNDS = 5

/** One address that claims to be others, each time with another account: one budget, spent once. Leaves it spent. */
export async function forgeHeaders(door: Door): Promise<Verdict[]> {
  const statuses: number[] = []
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, forge] of FORGERIES.entries()) {
      const n = round * FORGERIES.length + index
      statuses.push(await rawRequest(door.origin, '/auth/signin', hostileSignin(`forger${n}@example.com`, forge(n))))
    }
  const held = statuses.every((status, index) => status === (index < SIGNIN_FAILURES_PER_ORIGIN.max ? 401 : 429))
  return [{ attack: `${FORGERIES.length} ways to forge an address, ${door.name}`, figure: tallied(statuses), held }]
}
