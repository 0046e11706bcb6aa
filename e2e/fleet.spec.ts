import { expect, test } from 'playwright/test'
import { startServer } from './start-server.ts'

// Several processes behind one port, as `npm start` runs them on a machine with several cores.
test.describe.configure({ timeout: 120_000 })

/** Ready is when all of them listen. */
async function startFleet(settings: Record<string, string> = {}) {
  const server = await startServer({ WORKERS: '2', ...settings })
  await expect.poll(() => server.log(), { timeout: 60_000 }).toContain('Vestibule is ready.')
  await expect.poll(() => workersOf(server.log())).toHaveLength(2)
  return server
}

/** The processes that serve, by what each said of itself. */
function workersOf(log: string): number[] {
  return [...log.matchAll(/"pid":(\d+),"msg":"serving"/gu)].map(([, pid]) => Number(pid))
}

/** Asks over and over, as browsers with open connections do, until `stop`; resolves with everything that went wrong. */
function keepAsking(origin: string, clients: number) {
  let asking = true
  let answered = 0
  const failures: string[] = []
  const client = async () => {
    while (asking) {
      const said = await fetch(`${origin}/auth/session`).then(
        (response) => response.arrayBuffer().then(() => response.status),
        (error: Error) => `${error.message} ${(error.cause as Error | undefined)?.message}`,
      )
      if (said === 401) answered++
      else failures.push(String(said))
    }
  }
  const clientsEnd = Promise.all(Array.from({ length: clients }, client))
  return async () => {
    asking = false
    await clientsEnd
    return { answered, failures }
  }
}

test('one after the other is replaced on SIGUSR2, and no request finds nobody', async () => {
  const server = await startFleet()
  const before = workersOf(server.log())
  expect(before).toHaveLength(2)
  const stopAsking = keepAsking(server.origin, 8)
  server.signal('SIGUSR2')
  await expect.poll(() => server.log(), { timeout: 90_000 }).toContain('"msg":"every server process is a new one"')
  const { answered, failures } = await stopAsking()
  expect(failures).toEqual([])
  expect(answered).toBeGreaterThan(100)
  expect(new Set(workersOf(server.log())).size).toBe(4)
  for (const pid of before) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect(await server.stop()).toBe(0)
})

test('a process that dies is replaced, while the other answers', async () => {
  const server = await startFleet()
  const [victim = 0] = workersOf(server.log())
  process.kill(victim, 'SIGKILL')
  await expect.poll(() => workersOf(server.log()).length, { timeout: 60_000 }).toBe(3)
  expect((await fetch(`${server.origin}/health`)).status).toBe(200)
  expect(server.log()).toContain('"signal":"SIGKILL","msg":"a server process ended, another is started"')
  expect(await server.stop()).toBe(0)
})

/** Loaded before the server: a bug on SIGHUP, and a promise that fails unseen on SIGWINCH. */
const BUGS = `--import data:text/javascript,${encodeURIComponent(
  "process.on('SIGHUP',()=>{throw new Error('a bug')});process.on('SIGWINCH',()=>{Promise.reject(new Error('unseen'))})",
)}`

test('what nobody caught is a line and ends its process, which is replaced while the other answers', async () => {
  const server = await startFleet({ NODE_OPTIONS: BUGS })
  const [victim = 0] = workersOf(server.log())
  process.kill(victim, 'SIGHUP')
  await expect.poll(() => workersOf(server.log()).length, { timeout: 60_000 }).toBe(3)
  expect((await fetch(`${server.origin}/health`)).status).toBe(200)
  expect(JSON.parse(server.log().match(/^.*"fatal".*$/mu)?.[0] ?? '{}')).toMatchObject({
    level: 'fatal',
    pid: victim,
    err: { type: 'Error', message: 'a bug' },
    msg: 'nobody caught this: the process ends',
  })
  expect(server.log()).toContain(`"pid":${victim},"exitCode":1,`)
  expect(await server.stop()).toBe(0)
})

test('the first process ends by what nobody caught in it, and takes the others along', async () => {
  const server = await startFleet({ NODE_OPTIONS: BUGS })
  const workers = workersOf(server.log())
  server.signal('SIGWINCH')
  await expect.poll(() => workers.filter((pid) => isAlive(pid)), { timeout: 20_000 }).toEqual([])
  expect(server.log()).toContain(`"level":"fatal"`)
  expect(await server.stop()).toBe(1)
})

test('a process that is alone ends too; a promise that fails unseen is a line, and it goes on', async () => {
  const server = await startServer({ NODE_OPTIONS: BUGS })
  server.signal('SIGWINCH')
  await expect.poll(() => server.log()).toContain('"message":"unseen"')
  expect((await fetch(`${server.origin}/health`)).status).toBe(200)
  expect(server.log()).not.toContain('"level":"fatal"')
  server.signal('SIGHUP')
  await expect.poll(() => server.log()).toContain('"msg":"nobody caught this: the process ends"')
  expect(await server.stop()).toBe(1)
})

test('the hash threads of a machine are shared out, and its queue with them', async () => {
  const server = await startFleet({ HASH_THREADS: '4', HASH_QUEUE: '9' })
  const shares = [...server.log().matchAll(/"hashThreads":(\d+),"hashQueue":(\d+)/gu)]
  await server.stop()
  const sorted = shares.map(([, ...share]) => share).sort()
  expect(sorted).toEqual([
    ['2', '4'],
    ['2', '5'],
  ])
})

test('when the first process is killed, the others do not go on by themselves', async () => {
  const server = await startFleet()
  const workers = workersOf(server.log())
  expect(workers).toHaveLength(2)
  server.signal('SIGKILL')
  const alive = () => workers.filter((pid) => isAlive(pid))
  await expect.poll(alive, { timeout: 20_000 }).toEqual([])
  await server.stop()
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
