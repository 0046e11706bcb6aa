/**
 * Where the time of the main thread goes: V8's sampling profiler in a running server, while sessions are checked and while
 * people sign in. Self time, by function and by where the function is from. About a minute.
 */
import { INSPECTABLE, inspect } from './inspector.ts'
import { load } from './load.ts'
import { startVestibule } from './peer/vestibule.ts'
import { largestCosts, ownTimes } from './profile/own-times.ts'
import { publish } from './report/publish.ts'
import { figure } from './statistics.ts'
import { rateOf } from './storm.ts'

const SECONDS = 5
const CLIENTS = 8
const SHOWN = 12

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

const server = await startVestibule('profiled', INSPECTABLE)
try {
  const accounts = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => server.createAccount(`client${n}`)))
  const cookies = await Promise.all(accounts.map((account) => server.signIn(account)))
  const inspector = await inspect(server.log())
  const checking = () => load(server, server.sessionPath, cookies, { seconds: SECONDS })
  const signingIn = () =>
    rateOf(
      accounts.map((account) => () => server.signIn(account)),
      SECONDS * 1000,
    )
  await checking()
  await signingIn()
  const profiles = [
    { name: 'Session check', times: ownTimes(await inspector.profile(checking)) },
    { name: 'Sign-in', times: ownTimes(await inspector.profile(signingIn)) },
  ]
  inspector.close()

  for (const { name, times } of profiles) {
    console.log(`\n  ${name}: the main thread worked ${percent(times.busy)} of the time`)
    for (const by of ['place', 'function'] as const)
      for (const { what, share } of largestCosts(times, by).slice(0, SHOWN))
        console.log(`    ${percent(share).padStart(7)}  ${what}`)
  }
  publish({
    id: 'profile',
    command: 'npm run bench:profile',
    head: ['of what the main thread worked', ...profiles.map(({ name }) => name)],
    rows: [0, 1, 2, 3, 4, 5].map((rank) => [
      rank + 1,
      ...profiles.map(({ times }) => {
        const cost = largestCosts(times, 'place')[rank]
        return cost ? `${cost.what}: ${percent(cost.share)}` : '-'
      }),
    ]),
    findings: profiles.map(
      ({ name, times }) => `${name}: the main thread worked ${figure(times.busy * 100)} % of the time.`,
    ),
  })
} finally {
  await server.stop()
}
