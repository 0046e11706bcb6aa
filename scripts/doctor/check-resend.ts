import { reasonForLog } from '#lib/mail/reason'
import { type Finding, findingsOf } from './finding.ts'

const { ok, warning, wrong } = findingsOf('mail')
const TIMEOUT_MS = 10_000

interface ErrorBody {
  name?: unknown
  message?: unknown
}
interface Domains {
  data?: { name?: unknown; status?: unknown }[]
  has_more?: boolean
}

const domainOf = (from: string) =>
  from
    .slice(from.lastIndexOf('@') + 1)
    .replace(/>.*$/u, '')
    .toLowerCase()

/** Asks for the list of domains: Resend says by it whether it knows the key, and a key for all also which domains it sends for. */
export async function checkResend(mail: { apiKey: string; baseUrl?: string }, from: string): Promise<Finding> {
  let response: Response
  try {
    response = await fetch(`${mail.baseUrl ?? 'https://api.resend.com'}/domains`, {
      headers: { authorization: `Bearer ${mail.apiKey}`, 'user-agent': 'vestibule-doctor' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (error) {
    const { cause, message } = error as Error
    const reason = reasonForLog(cause instanceof Error ? cause.message : message)
    return wrong(`Resend cannot be reached (${reason}): look at the network and the firewall.`)
  }
  const body: unknown = await response.json().catch(() => null)
  return response.ok ? judgeDomains((body ?? {}) as Domains, domainOf(from)) : judgeRefusal(response.status, body)
}

function judgeDomains({ data = [], has_more }: Domains, domain: string): Finding {
  const entry = data.find(({ name }) => name === domain)
  if (entry?.status === 'verified') return ok(`Resend takes the key and sends for ${domain}.`)
  if (entry || !has_more) return wrong(`Resend has not verified ${domain} of MAIL_FROM: do that there, under Domains.`)
  return ok(`Resend takes the key. Whether it sends for ${domain} was not in the first of its domains.`)
}

function judgeRefusal(status: number, body: unknown): Finding {
  const { name, message } = (body ?? {}) as ErrorBody
  // A key that may only send may not list domains; an unknown one gets another name.
  if (name === 'restricted_api_key') return ok('Resend takes the key, which may only send.')
  const reason = reasonForLog(`${status} ${String(name ?? '')} ${String(message ?? '')}`)
  if (status === 429 || status >= 500) return warning(`Resend did not say (${reason}): ask again later.`)
  return wrong(`Resend refuses the key (${reason}): look at RESEND_API_KEY.`)
}
