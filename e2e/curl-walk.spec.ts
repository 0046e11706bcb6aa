import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'playwright/test'
import { readPage } from '../test/docs/pages.ts'
import { startServer } from './start-server.ts'

// The walk of docs/api.md, run from the document: by curl where there is one, and by what stands in for it everywhere.

const [, walk = ''] = /^## With curl\n.*?^```sh\n(.*?)^```/msu.exec(readPage('docs/api.md')) ?? []

const STAND_IN = fileURLToPath(import.meta.resolve('./curl-stand-in.ts'))

/** A person waits a second for the mail; a busy machine may need more, so here the wait is for the mail itself. */
const WAIT = `mails=0
sleep() {
  until [ "$(curl -s $site/mailbox/messages | grep -o '"id":"' | wc -l)" -gt "$mails" ]; do command sleep 0.1; done
  mails=$((mails + 1))
}
`

const hasCurl = () => {
  try {
    return execFileSync('curl', ['--version']).length > 0
  } catch {
    return false
  }
}

async function walked(useCurl: boolean): Promise<string> {
  const server = await startServer()
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-curl-'))
  const standIn = join(folder, 'curl')
  writeFileSync(standIn, `#!/bin/sh\nexec "${process.execPath}" "${STAND_IN}" "$@"\n`)
  chmodSync(standIn, 0o755)
  const path = useCurl ? process.env.PATH : `${folder}:${process.env.PATH}`
  const script = WAIT + walk.replace('http://localhost:3000', server.origin)
  try {
    const run = promisify(execFile)('bash', ['-c', script], { cwd: folder, env: { ...process.env, PATH: path } })
    return (await run).stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await server.stop()
  }
}

for (const by of ['its stand-in', ...(hasCurl() ? ['curl'] : [])])
  test(`the walk of docs/api.md by ${by} ends as it says`, async () => {
    test.setTimeout(90_000)
    const said = await walked(by === 'curl')
    const answers = said
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
    const user = expect.objectContaining({ email: 'ann@example.com' })
    const signedIn = { message: expect.any(String), user }
    const session = { user, session: expect.any(Object) }
    const message = expect.any(String)
    expect(answers).toEqual([
      signedIn,
      session,
      { message },
      signedIn,
      signedIn,
      { message },
      expect.objectContaining({ status: 401, code: 'not_signed_in' }),
      signedIn,
      session,
      signedIn,
      { sessions: [expect.objectContaining({ current: false }), expect.objectContaining({ current: true })] },
      { message, ended: 1 },
      expect.objectContaining({ status: 401, code: 'not_signed_in' }),
    ])
    expect(said).toMatch(/^HTTP\/1\.1 303\b[^{]*^location: \/account\r$/imu)
  })
