/**
 * `npm run attack:abuse`: guessing, forging and flooding against the built app, as it is deployed. Each attack has a
 * server of its own with real limits, behind the real nginx where that matters; what it needs beyond Node is installed
 * where that is possible and left out where not. Prints a line for each, ends with 1 when one got through.
 */
import { type Door, openCachingDoor, openDirectDoor, openProxiedDoor } from './abuse/doors.ts'
import { flood } from './abuse/flood.ts'
import { forgeHeaders } from './abuse/forged-headers.ts'
import { lieAboutLengths } from './abuse/framing.ts'
import { guessWithHydra } from './abuse/hydra.ts'
import { installed, NOT_INSTALLED } from './abuse/installed.ts'
import { shareACache } from './abuse/shared-cache.ts'
import { respell } from './abuse/spellings.ts'
import { injectWithSqlmap } from './abuse/sqlmap.ts'
import { openTable, type Verdict } from './abuse/verdict.ts'

const SQLMAP_WITHIN_MS = Number(process.env.ATTACK_SQLMAP_SECONDS ?? 120) * 1000
/** A full hash queue says so; any other 5xx is a miss. */
const BUSY = ['POST /auth/signin 503']

const LOGS_REQUESTS = { LOG_LEVEL: 'debug' }

const table = openTable()

/** Opens a door, attacks it, and closes it; a 5xx that was not expected is a miss. */
async function attack(
  open: () => Promise<Door>,
  acts: ((door: Door) => Promise<Verdict[]>)[],
  provoked: string[] = [],
) {
  const door = await open()
  try {
    for (const act of acts) table.add(await act(door))
  } finally {
    await door.close(provoked).catch((error: Error) => {
      const figure = error.message.split('\n').slice(0, 4).join(' ')
      table.add([{ attack: `no 5xx, ${door.name}`, figure, held: false }])
    })
  }
}

/** What an attack cannot do without; says so in one line when it is not there. */
function has(command: string, option?: string): boolean {
  if (installed(command, option)) return true
  table.add([{ attack: `attacks with ${command}`, figure: NOT_INSTALLED(command), held: null }])
  return false
}

await attack(openDirectDoor, [forgeHeaders, respell])
await attack(() => openDirectDoor(LOGS_REQUESTS), [lieAboutLengths])
if (has('openssl', 'version') && has('nginx', '-v')) {
  await attack(openProxiedDoor, [forgeHeaders, respell])
  await attack(() => openProxiedDoor(LOGS_REQUESTS), [lieAboutLengths])
  await attack(openCachingDoor, [shareACache])
  await attack(() => openProxiedDoor({ BCRYPT_COST: '12' }), [flood], BUSY)
}
if (has('hydra')) await attack(openDirectDoor, [guessWithHydra])
if (has('sqlmap'))
  await attack(
    () => openDirectDoor({ LIMIT_SCALE: '1000000' }),
    [(door) => injectWithSqlmap(door, SQLMAP_WITHIN_MS)],
    BUSY.concat('POST /auth/signup 503', 'POST /auth/verify 503', 'POST /auth/password/reset 503'),
  )

process.exitCode = table.missed() === 0 ? 0 : 1
