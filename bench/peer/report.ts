import { publish } from '../report/publish.ts'
import { figure, median, percentile, ratios, withSpread } from '../statistics.ts'
import { judge } from '../targets.ts'
import { type Checked, CLIENTS, type Measured } from './turns.ts'

export interface Comparison {
  ours: Measured
  bcryptjs: Measured
  scrypt: Measured
  cached: Measured
  /** What the machine could do at most. `threads`: comparisons a second, one for each round. */
  bare: { server: Checked; threads: number[] }
}

const MB = 1e6
const perSecond = ({ checks }: Checked) => checks.map((turn) => turn.perSecond)
const perCpuSecond = ({ checks }: Checked) => checks.map((turn) => turn.perCpuSecond)
const spreadOrNone = (values: number[]) => (values.length === 0 ? '-' : withSpread(values))

function row(measured: Measured): string[] {
  const { name, signUps, signIns, waits } = measured
  const wait = (share: number) => (waits.length === 0 ? '-' : figure(percentile(waits, share)))
  return [
    name,
    spreadOrNone(signUps),
    spreadOrNone(signIns),
    wait(0.5),
    wait(0.99),
    spreadOrNone(perSecond(measured)),
    spreadOrNone(perCpuSecond(measured)),
    figure(measured.memory.idle / MB),
    figure(measured.memory.after / MB),
  ]
}

const HEAD = [
  '',
  'sign-ups/s',
  'sign-ins/s',
  'others wait, median ms',
  'others wait, p99 ms',
  'session checks/s',
  'checks per CPU second',
  'memory idle, MB',
  'memory after, MB',
]

function targets({ ours, bcryptjs, bare }: Comparison) {
  return [
    {
      what: "Sign-ins beside the peer's with bcryptjs",
      value: median(ratios(ours.signIns, bcryptjs.signIns)),
      atLeast: 1.8,
    },
    { what: 'Sign-ins beside bare threads', value: median(ratios(ours.signIns, bare.threads)), atLeast: 0.9 },
    { what: 'Other requests in the storm, median', value: percentile(ours.waits, 0.5), atMost: 20, unit: ' ms' },
    { what: 'Other requests in the storm, p99', value: percentile(ours.waits, 0.99), atMost: 60, unit: ' ms' },
    {
      what: "Session checks beside the peer's, both asking the database",
      value: median(ratios(perSecond(ours), perSecond(bcryptjs))),
      atLeast: 20,
    },
    {
      what: "Session checks beside the bare server's, per second of the server's CPU",
      value: median(ratios(perCpuSecond(ours), perCpuSecond(bare.server))),
      atLeast: 0.3,
    },
  ]
}

/** Prints the comparison and, with `write`, puts it into the document. A missed target makes the command fail. */
export function reportComparison(
  comparison: Comparison,
  run: { rounds: number; seconds: number; write: boolean },
): void {
  const { ours, bcryptjs, scrypt, cached, bare } = comparison
  const busiest = Math.max(...[bare.server, ours].flatMap(({ checks }) => checks.map((turn) => turn.generatorCores)))
  const none = '-'
  const rows = [
    ...[ours, bcryptjs, scrypt, cached].map(row),
    ['bare bcryptjs threads', none, withSpread(bare.threads), none, none, none, none, none, none],
    [
      bare.server.name,
      none,
      none,
      none,
      none,
      withSpread(perSecond(bare.server)),
      withSpread(perCpuSecond(bare.server)),
      none,
      none,
    ],
  ]
  const findings = [
    ...judge(targets(comparison)),
    `${run.rounds} rounds of ${run.seconds} s for each in turn; medians, lowest to highest. ${CLIENTS} clients sign in without pause, cost 12; ${ours.waits.length} other requests, of other users, were timed meanwhile (the peer: ${bcryptjs.waits.length}, with scrypt ${scrypt.waits.length}).`,
    `The load generator (autocannon, 32 connections) took ${figure(busiest)} of a core at most. Where it is the slower of the two, only the figure per CPU second says what a server can do.`,
    'The peer: production build, rate limiting and mail verification off, WAL and full sync as ours, its sessions asked of the database each time; with its cookie cache on, a signed cookie answers for five minutes, a revoked session too. Its scrypt (N = 16,384) costs less than bcrypt at 12. Its sign-up also signs in; ours also writes a mail.',
  ]
  print(rows, findings)
  if (run.write)
    publish({ id: 'peer', command: 'npm run bench:peer', head: HEAD, rows, findings, plot: plot(comparison) })
}

function print(rows: string[][], findings: string[]) {
  for (const cells of rows)
    console.log(
      `\n  ${cells[0]}\n${cells
        .slice(1)
        .map((cell, n) => `    ${HEAD[n + 1]}: ${cell}`)
        .join('\n')}`,
    )
  console.log(`\n${findings.map((finding) => `  ${finding}`).join('\n')}`)
}

/** On a logarithmic scale, or the peer's bars would be lines. */
function plot({ ours, bcryptjs, bare }: Comparison) {
  const groups = ['sign-ins/s', 'session checks/s']
  const bars = [
    { name: ours.name, data: [median(ours.signIns), median(perSecond(ours))] },
    { name: bcryptjs.name, data: [median(bcryptjs.signIns), median(perSecond(bcryptjs))] },
    { name: 'bare threads, bare server', data: [median(bare.threads), median(perSecond(bare.server))] },
  ]
  return {
    alt: 'Sign-ins and session checks a second of Vestibule, Better Auth and the bare machine, on a logarithmic scale.',
    option: {
      legend: {},
      xAxis: { type: 'category', data: groups },
      yAxis: { type: 'log', min: 1 },
      series: bars.map(({ name, data }) => ({
        name,
        type: 'bar',
        data: data.map((value) => Number(value.toPrecision(3))),
        label: { show: true, position: 'top' },
      })),
    },
  }
}
