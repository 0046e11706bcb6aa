/**
 * A capacity plan on paper: `node bench/machines/capacity-plan.ts` prints the table of docs/operations.md, and
 * test/docs/capacity.test.ts compares the two. Assumptions are what an operator replaces by numbers of their own.
 */
const MONTH_S = 30 * 24 * 60 * 60
const DAY_S = 24 * 60 * 60
const GIB = 2 ** 30

/** How people use it, each account every month: everybody is active, which no real site reaches. */
const ASSUMED = {
  passwordSigninsAMonth: 2,
  resetsAMonth: 0.05,
  /** New accounts a month, as a share of all. */
  growth: 0.02,
  sessionChecksADay: 10,
  /** Checks more than SESSION_TOUCH_EVERY after the one before; only these write. */
  touchesADay: 3,
  sessions: 1.5,
  devices: 2,
  /** For how long the trail is kept, by the operator's own rule. */
  monthsOfEvents: 12,
  /** The busiest hour beside the mean one. */
  peak: 4,
  /** How busy a core may be on purpose. */
  utilisation: 0.7,
}

/** bcryptjs at cost 12, comparisons a second of one core: `npm run bench:signin`. */
const HASHES_A_CORE = 3.4
/** From `node bench/machines/row-sizes.ts`. */
const BYTES_A_ROW = { users: 343, devices: 255, sessions: 570, events: 390 }
const ROWS_WRITTEN = { signup: 13, verification: 9, signin: 12, resetRequest: 11 }

const SIZES = [1e6, 1e7, 1e8]

export interface Plan {
  accounts: number
  hashesASecond: number
  cores: number
  checksASecond: number
  writesASecond: number
  rows: number
  gibibytes: number
}

/** Everything at the peak, but for what lies on disk. */
export function planFor(accounts: number): Plan {
  const { peak, growth, passwordSigninsAMonth: signins, resetsAMonth: resets } = ASSUMED
  const aSecond = (timesAMonth: number) => (accounts * timesAMonth * peak) / MONTH_S
  // A sign-up hashes once and a reset once; a confirmation by code does not.
  const hashesASecond = aSecond(signins + growth + resets)
  const daily = (times: number) => (accounts * times * peak) / DAY_S
  const written =
    aSecond(signins) * ROWS_WRITTEN.signin +
    aSecond(growth) * (ROWS_WRITTEN.signup + ROWS_WRITTEN.verification) +
    aSecond(resets) * ROWS_WRITTEN.resetRequest +
    daily(ASSUMED.touchesADay)
  const events = ASSUMED.monthsOfEvents * (signins + 2 * growth + 2 * resets)
  const rows = { users: 1, devices: ASSUMED.devices, sessions: ASSUMED.sessions, events }
  const bytes = Object.entries(rows).map(([table, count]) => count * BYTES_A_ROW[table as keyof typeof BYTES_A_ROW])
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return {
    accounts,
    hashesASecond,
    cores: Math.ceil(hashesASecond / HASHES_A_CORE / ASSUMED.utilisation),
    checksASecond: daily(ASSUMED.sessionChecksADay),
    writesASecond: written,
    rows: accounts * sum(Object.values(rows)),
    gibibytes: (accounts * sum(bytes)) / GIB,
  }
}

/** Two digits that mean something, and separators: 46,000. */
const round = (value: number) => Number(value.toPrecision(2)).toLocaleString('en-US')

/** The lines of the table, as docs/operations.md has them. */
export function planTable(): string[] {
  const plans = SIZES.map(planFor)
  const row = (name: string, value: (plan: Plan) => string) => `| ${[name, ...plans.map(value)].join(' | ')} |`
  return [
    row('Accounts', ({ accounts }) => accounts.toLocaleString('en-US')),
    '|---|---:|---:|---:|',
    row('Passwords hashed a second', ({ hashesASecond }) => round(hashesASecond)),
    row('Cores for that', ({ cores }) => round(cores)),
    row('Session checks a second', ({ checksASecond }) => round(checksASecond)),
    row('Rows written a second', ({ writesASecond }) => round(writesASecond)),
    row('Rows kept', ({ rows }) => round(rows)),
    row('GiB of tables and indexes', ({ gibibytes }) => round(gibibytes)),
  ]
}

if (import.meta.main) console.log(planTable().join('\n'))
