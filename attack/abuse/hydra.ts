import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiClient, newestChallenge } from '../../e2e/api-client.ts'
import { runCommand } from './command.ts'
import type { Door } from './doors.ts'
import type { Verdict } from './verdict.ts'

const WRONG = 1_000
const WITHIN_MS = 60_000
const PASSWORD = 'a lantern in the hall'

async function confirmedAccount(origin: string, email: string): Promise<void> {
  const visitor = new ApiClient(origin)
  await visitor.call('/auth/signup', { email, password: PASSWORD })
  const { challengeId, code: token } = await newestChallenge(origin, email)
  const { status } = await visitor.call('/auth/verify', { challengeId, token })
  if (status !== 200) throw new Error(`Confirming ${email} answered ${status}.`)
}

/** What hydra prints when it believes it is in. */
const found = (output: string) => /\bpassword: /u.test(output)

function guess({ origin }: Door, email: string, passwords: string[]): ReturnType<typeof runCommand> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-hydra-'))
  const list = join(folder, 'passwords')
  writeFileSync(list, passwords.join('\n'))
  // As a form: hydra takes a 401 for HTTP authentication and gives up. Being in is the page that the redirect leads to.
  const form = '/auth/signin:email=^USER^&password=^PASS^:g=none:S=Sign out'
  const target = ['-s', new URL(origin).port, '127.0.0.1', 'http-post-form', form]
  const running = runCommand('hydra', ['-I', '-f', '-t', '16', '-l', email, '-P', list, ...target], WITHIN_MS)
  return running.finally(() => rmSync(folder, { recursive: true }))
}

/** One address that tries a thousand passwords and then the right one. First, hydra must find it where it comes second. */
export async function guessWithHydra(door: Door): Promise<Verdict[]> {
  await confirmedAccount(door.origin, 'control@example.com')
  await confirmedAccount(door.origin, 'victim@example.com')
  const control = await guess(door, 'control@example.com', ['not the password', PASSWORD])
  const wrong = Array.from({ length: WRONG }, (_, n) => `not the password ${n}`)
  const began = performance.now()
  const { output, cut } = await guess(door, 'victim@example.com', [...wrong, PASSWORD])
  const seconds = Math.round((performance.now() - began) / 1000)
  return [
    {
      attack: 'hydra finds a password that is second in its list',
      figure: found(control.output) ? 'found' : control.output.slice(-300),
      held: found(control.output),
    },
    {
      attack: `hydra, ${WRONG} wrong passwords and then the right one`,
      figure: `${found(output) ? 'found it' : 'found nothing'} in ${seconds} s${cut ? ', cut off' : ''}`,
      held: !found(output) && !cut,
    },
  ]
}
