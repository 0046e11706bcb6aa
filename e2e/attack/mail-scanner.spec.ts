import { type Browser, expect, test } from 'playwright/test'
import { linkIn } from '../mailbox.ts'
import { getsInByCode, getsInByCodeAlone, getsInByLink, type Invited, invite, type Purpose } from './invited.ts'
import { Scanner } from './scanner.ts'

// Mail is opened before its reader opens it: by whatever checks links, and however much it dares to do there.

// Some open a hundred pages, which takes its time on a small machine with much else to do.
test.describe.configure({ timeout: 600_000 })

const PURPOSES: Purpose[] = ['sign-up', 'sign-in', 'reset']

const SCANNERS = {
  'asks with HEAD': (_: Scanner, link: string) => ask(link, 'HEAD', 1),
  'asks with GET five times': (_: Scanner, link: string) => ask(link, 'GET', 5),
  'opens it in a browser and waits': (scanner: Scanner, link: string) => scanner.look(link),
  'presses every button': (scanner: Scanner, link: string) => scanner.pressEveryButton(link),
  'follows every link and submits every form': (scanner: Scanner, link: string) =>
    scanner.followAndSubmitEverything(link),
}

/** The fragment stays behind, as with every client; one that sends it all the same, as a query, gets no further. */
async function ask(link: string, method: string, times: number) {
  for (const address of [link, link.replace('#', '?')]) {
    for (let n = 0; n < times; n++) {
      const answer = await fetch(address, { method, redirect: 'manual' })
      expect(answer.status).toBe(200)
      expect(answer.headers.getSetCookie()).toEqual([])
    }
  }
}

/** The one cell of the table where a scanner gets in: it has pressed the button that says so. */
const getsSession = (purpose: Purpose, does: string) => purpose === 'sign-in' && /presses|submits/u.test(does)

async function scanned(browser: Browser, purpose: Purpose, does: keyof typeof SCANNERS): Promise<Invited> {
  const [invited, scanner] = await Promise.all([invite(browser, purpose), Scanner.arrive(browser)])
  await SCANNERS[does](scanner, linkIn(invited.mail))
  tell(`${purpose}: a scanner ${does}`, scanner)
  await expectItsOwn(scanner, getsSession(purpose, does) ? 1 : 0)
  await scanner.context.close()
  return invited
}

/** One line of the table: how far it went. */
function tell(look: string, { pages, done: { submits, presses, shut } }: Scanner) {
  if (pages.size === 0) return
  const paths = [...pages.keys()].map((page) => new URL(page).pathname + new URL(page).search)
  process.stdout.write(
    `${look}: ${pages.size} pages, ${submits} submits, ${presses} presses, ${shut} shut (${paths.join(' ')})\n`,
  )
}

/** What the scanner holds: nothing, or what was begun in its own browser by its own press. */
async function expectItsOwn(scanner: Scanner, sessions: number) {
  expect(await scanner.sessionsBegun()).toBe(sessions)
  if (sessions > 0) return
  const jar = (await scanner.context.cookies()).map(({ name }) => name)
  expect(jar).not.toContain('__Host-session')
  expect((await scanner.context.request.get('/auth/session')).status()).toBe(401)
}

for (const purpose of PURPOSES) {
  for (const does of Object.keys(SCANNERS) as (keyof typeof SCANNERS)[]) {
    test(`${purpose}: a scanner ${does}, and the person gets in`, async ({ browser }) => {
      const byCode = async () => getsInByCode(await scanned(browser, purpose, does))
      const byLink = getsSession(purpose, does) ? getsInByCodeAlone : getsInByLink
      await Promise.all([byCode(), scanned(browser, purpose, does).then(byLink)])
    })
  }
}
