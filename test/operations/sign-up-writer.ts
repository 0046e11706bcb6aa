/** A process of its own that signs up until its stdin ends, two at a time; each line it prints is an acknowledged address. */
import { signup } from '#lib/auth/signup'
import { deps } from '#lib/deps'

const [name = 'writer'] = process.argv.slice(2)
const app = deps()
let stopping = false
process.stdin.on('end', () => {
  stopping = true
})
process.stdin.resume()

async function signUpAgainAndAgain(lane: number): Promise<void> {
  for (let count = 0; !stopping; count++) {
    const email = `${name}-${lane}-${count}@example.com`
    const caller = {
      requestId: 'test-request',
      ip: '192.0.2.1',
      origin: { key: '192.0.2.1', wide: null },
      deviceHash: email,
      userAgent: 'Test/1.0',
      askedFrom: { browser: 'Firefox', system: 'Linux' },
      sessionToken: null,
    }
    const result = await signup(app, { email, password: 'a lantern in the hall' }, caller)
    if (!result.ok) throw new Error(result.failure.code)
    process.stdout.write(`${email}\n`)
  }
}

await Promise.all([signUpAgainAndAgain(0), signUpAgainAndAgain(1)])
await app.close()
