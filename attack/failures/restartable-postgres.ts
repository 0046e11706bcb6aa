import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { endWithUs } from '../../test/end-with-us.ts'
import { startPostgres } from '../../test/start-postgres.ts'
import { eventually, system } from './case.ts'

export type RestartablePostgres = Awaited<ReturnType<typeof restartablePostgres>>

async function ask(url: string, statement: string): Promise<string[]> {
  // Whatever is done to the others, this one may write.
  const client = new Client({ connectionString: url, options: '-c default_transaction_read_only=off' })
  await client.connect()
  const { rows } = await client.query<string[]>({ text: statement, rowMode: 'array' })
  await client.end()
  return rows.map(([value]) => String(value))
}

/** A server that can be stopped and started again on its data, and frozen. */
export async function restartablePostgres() {
  const { url } = await startPostgres()
  const [data = ''] = await ask(url, 'SHOW data_directory')
  let restarted: ChildProcess | undefined
  const postmaster = () => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
  const isGone = () => !existsSync(join(data, 'postmaster.pid'))
  const down = async (signal: NodeJS.Signals) => {
    process.kill(postmaster(), signal)
    await eventually(isGone, 10_000, 'Postgres did not stop')
  }
  return {
    url,
    stop: () => down('SIGINT'),
    async start() {
      const { uid, gid } = statSync(data)
      const [command = '', ...options] = readFileSync(join(data, 'postmaster.opts'), 'utf8').trim().split(' ')
      const bare = options.map((option) => option.replace(/^"|"$/gu, ''))
      restarted = spawn(command, bare, { cwd: dirname(data), uid, gid, stdio: 'ignore' })
      endWithUs(restarted, { signal: 'SIGQUIT', folder: dirname(data) })
      await once(restarted, 'spawn')
    },
    /** Its administrator's word. */
    tell: (statement: string) => ask(url, statement),
    /** Ends every connection but the one that says so. */
    endConnections: () =>
      ask(url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()'),
    /** While it is stopped: its data lies in this folder from now on. */
    moveTo(folder: string) {
      const moved = join(folder, 'data')
      system('cp', '--archive', data, moved)
      rmSync(data, { recursive: true })
      symlinkSync(moved, data)
    },
    /** Stops every process that serves, so that connections stay open and say nothing. Returns how to let them go on. */
    freeze() {
      const first = postmaster()
      // The first one first: from then on there are no new ones.
      process.kill(first, 'SIGSTOP')
      const others = readFileSync(`/proc/${first}/task/${first}/children`, 'utf8').trim().split(' ').map(Number)
      for (const pid of others) process.kill(pid, 'SIGSTOP')
      return () => {
        for (const pid of [...others, first]) process.kill(pid, 'SIGCONT')
      }
    },
    async remove() {
      await down('SIGINT')
      if (restarted && restarted.exitCode === null) await once(restarted, 'exit')
      rmSync(dirname(data), { recursive: true, force: true })
    },
  }
}
