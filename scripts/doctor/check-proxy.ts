import { networkInterfaces } from 'node:os'
import ipaddr from 'ipaddr.js'
import type { Env } from '#lib/env'
import { type Answer, askApp, FORGED } from './ask-app.ts'
import { type Finding, findingsOf, reasonOf } from './finding.ts'

const { ok, warning, wrong } = findingsOf('proxy')
const rangeOf = (address: string) => (ipaddr.isValid(address) ? ipaddr.process(address).range() : 'invalid')
const kindOf = (address: string) => ipaddr.process(address).kind()

type Site = Pick<Env, 'appOrigin' | 'isLoopback' | 'trustedProxyHops' | 'host' | 'port'>
/** As the question that GET /health answers; see lib/http/doctor-question.ts. */
type Ask = (origin: string) => Promise<Answer>

/** What the running app says of a request that came by APP_ORIGIN with a forged X-Forwarded-For. `answer`: null when none came. */
export async function checkProxy(
  site: Site,
  question: () => string,
): Promise<{ findings: Finding[]; answer: Answer | null }> {
  const ask: Ask = (origin) => askApp(origin, question())
  let reason: string
  try {
    const answer = await ask(site.appOrigin)
    if (answer.isVestibule) return { findings: [judgeAnswer(answer, site, ownPublicAddresses())], answer }
    reason = `it answers ${answer.status}, and not as Vestibule does`
  } catch (error) {
    reason = reasonOf(error)
  }
  return { findings: [await explainSilence(site, ask, reason)], answer: null }
}

async function explainSilence({ appOrigin, host, port }: Site, ask: Ask, reason: string): Promise<Finding> {
  const behind = `http://${host.includes(':') ? `[${host}]` : host.replace(/^0\.0\.0\.0$/u, '127.0.0.1')}:${port}`
  const direct = await ask(behind).catch(() => null)
  if (direct?.isVestibule)
    return wrong(
      `Vestibule runs at ${behind}, and ${appOrigin} does not lead there (${reason}): look at DNS, certificate and proxy.`,
    )
  return warning(
    `Vestibule does not run here, nor at ${appOrigin} (${reason}): start it and ask again, to have the proxy looked at.`,
  )
}

function ownPublicAddresses(): string[] {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return own.map(({ address }) => address).filter((address) => rangeOf(address) === 'unicast')
}

/** `publicAddresses`: those of this machine; behind a router that translates addresses it knows none. */
export function judgeAnswer(answer: Answer, site: Site, publicAddresses: string[]): Finding {
  const { appOrigin, trustedProxyHops: hops } = site
  const { seenAddress } = answer
  if (seenAddress === null)
    return wrong(
      `The app at ${appOrigin} does not know this secret, or its clock is a minute off: run this with the settings of the app.`,
    )
  return (
    judgeAddress(seenAddress, answer.ownAddress, site, publicAddresses) ?? ok(sentenceFor(seenAddress, answer, hops))
  )
}

const sentenceFor = (seen: string, { ownAddress }: Answer, hops: number) =>
  seen === ownAddress
    ? `A forged X-Forwarded-For was not believed, and the app saw where this came from (${seen}; TRUSTED_PROXY_HOPS=${hops}).`
    : `A forged X-Forwarded-For was not believed. The app saw ${seen}, which should be this machine as the internet sees it.`

/** Null when every visitor would be seen as who they are. */
function judgeAddress(seen: string, own: string, site: Site, publicAddresses: string[]): Finding | null {
  const { isLoopback, trustedProxyHops: hops } = site
  const mend = `TRUSTED_PROXY_HOPS is ${hops} and must be the number of proxies in front, each of which adds to X-Forwarded-For or sets it (see deploy/)`
  if (FORGED.includes(seen))
    return wrong(`The app believed a made-up address, so every visitor can choose theirs: ${mend}.`)
  if (!isLoopback && hops === 0)
    return wrong(`The app saw ${seen}, its proxy, and all visitors look like one: ${mend}.`)
  if (seen === own) return null
  if (rangeOf(seen) === 'loopback')
    return wrong(`The app saw ${seen}, its proxy, and all visitors look like one: ${mend}.`)
  if (rangeOf(seen) !== 'unicast')
    return warning(`The app saw ${seen}, no public address and not this machine: if that is a proxy, ${mend}.`)
  const known = publicAddresses.filter((address) => kindOf(address) === kindOf(seen))
  if (known.length === 0 || known.includes(seen)) return null
  return warning(`The app saw ${seen}, and this machine is ${known.join(', ')}: if that is a proxy, ${mend}.`)
}
