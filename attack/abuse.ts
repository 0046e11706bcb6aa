/**
 * `npm run attack:abuse`: guessing, forging and flooding against the built app, as it is deployed. Each attack has a
 * server of its own with real limits, behind the real nginx where that matters; what it needs beyond Node is installed
 * where that is possible and left out where not. Prints a line for each, ends with 1 when one got through. ATTACK_ONLY
 * runs the suites whose name holds that text.
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
import { exitOnSignals } from './exit-on-signals.ts'

const SQLMAP_WITHIN_MS = Number(process.env.ATTACK_SQLMAP_SECONDS ?? 120) * 1000
/** A full hash queue says so; any other 5xx is a miss. */
const BUSY = ['POST /auth/signin 503']

const LOGS_REQUESTS = { LOG_LEVEL: 'debug' }

/** What the proxied doors cannot do without: openssl makes the certificate. */
const NGINX: Command[] = [
  ['openssl', 'version'],
  ['nginx', '-v'],
]

/** A command and an option with which it ends at once. */
type Command = [name: string, option?: string]

/** Attacks on one server of their own. */
interface Suite {
  name: string
  needs: Command[]
  open: () => Promise<Door>
  acts: ((door: Door) => Promise<Verdict[]>)[]
  /** 5xx that the attack provokes; any other is a miss. */
  provoked?: string[]
}

const SUITES: Suite[] = [
  { name: 'forging, direct', needs: [], open: openDirectDoor, acts: [forgeHeaders, respell] },
  { name: 'framing, direct', needs: [], open: () => openDirectDoor(LOGS_REQUESTS), acts: [lieAboutLengths] },
  { name: 'forging, nginx', needs: NGINX, open: openProxiedDoor, acts: [forgeHeaders, respell] },
  { name: 'framing, nginx', needs: NGINX, open: () => openProxiedDoor(LOGS_REQUESTS), acts: [lieAboutLengths] },
  { name: 'cache', needs: NGINX, open: openCachingDoor, acts: [shareACache] },
  {
    name: 'flood',
    needs: NGINX,
    open: () => openProxiedDoor({ BCRYPT_COST: '12' }),
    acts: [flood],
    provoked: BUSY,
  },
  { name: 'hydra', needs: [['hydra']], open: openDirectDoor, acts: [guessWithHydra] },
  {
    name: 'sqlmap',
    needs: [['sqlmap']],
    open: () => openDirectDoor({ LIMIT_SCALE: '1000000' }),
    acts: [(door) => injectWithSqlmap(door, SQLMAP_WITHIN_MS)],
    provoked: [...BUSY, 'POST /auth/signup 503', 'POST /auth/verify 503', 'POST /auth/password/reset 503'],
  },
]

const table = openTable()

/** Opens the door, attacks it, and closes it. */
async function attack({ open, acts, provoked }: Suite) {
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

exitOnSignals()
const only = process.env.ATTACK_ONLY ?? ''
for (const suite of SUITES.filter(({ name }) => name.includes(only))) {
  const missing = suite.needs.find(([command, option]) => !installed(command, option))
  if (missing) table.add([{ attack: suite.name, figure: NOT_INSTALLED(missing[0]), held: null }])
  else await attack(suite)
}

process.exitCode = table.missed() === 0 ? 0 : 1
