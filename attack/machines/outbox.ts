import { newAddress } from '../../e2e/api-client.ts'
import { tallied, type Verdict } from '../abuse/verdict.ts'
import { eventually, signUp } from '../failures/case.ts'
import type { Fleet } from './fleet.ts'

const SIGNUPS = 120
const AT_ONCE = 12
const MAIL_WITHIN_MS = 30_000

/** All instances look for mail every five seconds and whenever a sign-up nudges them; each mail goes out once. */
export async function sendOnce({ origin, inbox, deliveries }: Fleet): Promise<Verdict[]> {
  const before = deliveries().length
  const addresses = Array.from({ length: SIGNUPS }, newAddress)
  const statuses: number[] = []
  const queue = [...addresses]
  const client = async () => {
    for (let email = queue.shift(); email; email = queue.shift()) statuses.push((await signUp(origin, email)).status)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client))
  const arrived = () => addresses.filter((email) => inbox.of(email, 'verify').length > 0).length
  await eventually(() => arrived() === SIGNUPS, MAIL_WITHIN_MS, `Not all of ${SIGNUPS} mails came`)
  const tried = deliveries().slice(before)
  const twice = tried.length - new Set(tried).size
  return [
    {
      attack: `${SIGNUPS} mails owed, three instances send`,
      figure: `sign-ups ${tallied(statuses)}; ${arrived()} arrived, ${tried.length} deliveries tried, ${tried.length - SIGNUPS} of them owed from the act before, ${twice} twice`,
      held: tried.length >= SIGNUPS && twice === 0,
    },
  ]
}
