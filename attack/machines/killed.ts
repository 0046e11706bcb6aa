import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Verdict } from '../abuse/verdict.ts'
import { tallied } from '../abuse/verdict.ts'
import { audit, isStillOwed } from '../crash/audit.ts'
import { type Surprise, type Visit, Visitor } from '../crash/visitors.ts'
import { startClients } from './clients.ts'
import type { Fleet } from './fleet.ts'

const VISITORS = 4
const READERS = 2
const KILLS = 6
/** A killed instance had claimed its mails for a minute; then another may send them. */
const MAIL_WITHIN_MS = 90_000
/** The instance died with the request: nobody can know whether it was done, so the proxy does not ask another one. */
const CUT_OFF = [502, 504]
/** What fetch says of a body that stops: the answer had begun, so the proxy can neither take it back nor ask another one. */
const STOPPED = ' terminated: '

/** Visitors come one after the other at each door until told to stop. */
function openDoors({ origin, inbox }: Fleet) {
  const visits: Visit[] = []
  const surprises: Surprise[] = []
  let over = false
  const door = async () => {
    while (!over) {
      const visitor = new Visitor(origin, inbox, surprises)
      await visitor.live(randomInt(100))
      visits.push(visitor.visit)
    }
  }
  const doors = Array.from({ length: VISITORS }, door)
  const close = async () => {
    over = true
    await Promise.all(doors)
    return { visits, surprises }
  }
  return close
}

/** One instance after the other dies by signal 9 under load and is started again on the same database. */
export async function killUnderLoad(fleet: Fleet): Promise<Verdict[]> {
  const closeDoors = openDoors(fleet)
  const stopReaders = startClients(fleet.origin, READERS, 'reads')
  for (let kill = 0; kill < KILLS; kill++) {
    const instance = fleet.instances[kill % fleet.instances.length]
    await wait(randomInt(500, 1_500))
    await instance?.kill()
    await wait(500)
    await instance?.start().ready
  }
  const { visits, surprises } = await closeDoors()
  const { reads, failed: unread } = await stopReaders()
  const failed = unread.filter((each) => !each.includes(STOPPED))
  for (const deadline = Date.now() + MAIL_WITHIN_MS; Date.now() < deadline && isStillOwed(visits, fleet.inbox); )
    await wait(250)
  const { counts, broken } = await audit(visits, fleet.origin, fleet.inbox)
  const odd = surprises.filter(({ status }) => !CUT_OFF.includes(status))
  const cut = surprises.length - odd.length
  const acknowledged = `${counts.signups} sign-ups, ${counts.verifications} verified, ${counts.resets} resets, ${counts.signouts} sign-outs, ${counts.mails} mails`
  const sentences = [...broken, ...odd.map(({ path, status }) => `${path} answered ${status}`)].slice(0, 3)
  return [
    {
      attack: `${KILLS} kills by signal 9: what had been acknowledged`,
      figure: `${acknowledged}; lost ${broken.length}${sentences.length > 0 ? `: ${sentences.join('; ')}` : ''}; ${cut} requests cut off`,
      held: broken.length === 0 && odd.length === 0 && counts.signups > 0,
    },
    {
      attack: 'the same kills: reads meanwhile',
      figure: `${reads} reads, ${failed.length} failed${failed.length > 0 ? `: ${tallied(failed)}` : ''}; ${unread.length - failed.length} answers cut off halfway`,
      held: failed.length === 0 && reads > 0,
    },
  ]
}
