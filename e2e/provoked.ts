import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** Shared by the workers and the teardown; named in E2E_PROVOKED by e2e/server.ts. */
const file = () => process.env.E2E_PROVOKED ?? ''
const lineOf = (method: string, path: string, status: number) => `${method} ${path} ${status}`

/** A test says here that it is about to make the server answer a 5xx. Any other one fails the run. */
export function provoke(method: string, path: string, status: number): void {
  appendFileSync(file(), `${lineOf(method, path, status)}\n`)
}

/** The 5xx answers in a server's log that no test announced, as `METHOD path status`. */
export function unprovoked(log: string): string[] {
  const announced = existsSync(file()) ? readFileSync(file(), 'utf8').split('\n') : []
  return log
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('"status":5'))
    .map((line) => JSON.parse(line))
    .map(({ method, path, status }) => lineOf(method, path, status))
    .filter((line) => !announced.includes(line))
}
