import { setTimeout as wait } from 'node:timers/promises'
import type { Verdict } from '../abuse/verdict.ts'
import { type Answer, eventually, mustRefuseForNow, signUp } from '../failures/case.ts'
import type { Fleet } from './fleet.ts'

const DOORS = 4
const AWAY_MS = 3_000
const RECOVERS_WITHIN_MS = 10_000
const MAIL_WITHIN_MS = 75_000

/** Postgres stops under load and comes back; nobody touches the instances. Throws where an answer is not a clear "not now". */
export async function restartPostgres({ origin, postgres, inbox }: Fleet): Promise<Verdict[]> {
  const answers: Answer[] = []
  let over = false
  const door = async () => {
    while (!over) {
      const answer = await signUp(origin)
      answers.push(answer)
      // What Retry-After asks for, shortened: without a pause, refusals alone would fill the machine.
      if (answer.status !== 202) await wait(100)
    }
  }
  const doors = Array.from({ length: DOORS }, door)
  await wait(1_000)
  await postgres.stop()
  await wait(AWAY_MS)
  await postgres.start()
  const back = performance.now()
  const others = answers.length
  await eventually(
    () => answers.slice(others).some(({ status }) => status === 202),
    RECOVERS_WITHIN_MS,
    'No sign-up was accepted after Postgres came back',
  )
  const recovered = performance.now() - back
  over = true
  await Promise.all(doors)
  const accepted = answers.filter(({ status }) => status === 202)
  const refused = answers.filter(({ status }) => status !== 202)
  for (const answer of refused) mustRefuseForNow(answer)
  const arrived = () => accepted.every(({ email }) => inbox.of(email, 'verify').length === 1)
  await eventually(arrived, MAIL_WITHIN_MS, 'Mail of an accepted sign-up was lost')
  const slowest = Math.max(...refused.map(({ ms }) => ms))
  return [
    {
      attack: `Postgres away for ${AWAY_MS / 1000} s under load`,
      figure: `${accepted.length} x 202, ${refused.length} x 503 with Retry-After within ${(slowest / 1000).toFixed(1)} s; accepted again ${(recovered / 1000).toFixed(1)} s after; all mail arrived`,
      held: refused.length > 0,
    },
  ]
}
