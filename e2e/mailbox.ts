import { setTimeout as wait } from 'node:timers/promises'

/** One mail as GET /mailbox/messages gives it. */
export interface MailboxMessage {
  id: string
  to: string
  subject: string
  text: string
  html: string
  createdAt: string
}

const ARRIVES_WITHIN_MS = 15_000

/** All mail to this address, newest first. */
export async function mailTo(to: string, origin = process.env.E2E_ORIGIN): Promise<MailboxMessage[]> {
  const response = await fetch(`${origin}/mailbox/messages?to=${encodeURIComponent(to)}`)
  if (!response.ok) throw new Error(`The mailbox answered ${response.status}.`)
  return response.json()
}

/** Waits for the newest mail to this address; with `after`, for one newer than that. */
export async function newestMail(to: string, { after, origin }: { after?: { id: string }; origin?: string } = {}) {
  const deadline = Date.now() + ARRIVES_WITHIN_MS
  while (Date.now() < deadline) {
    const [newest] = await mailTo(to, origin)
    if (newest && newest.id !== after?.id) return newest
    await wait(50)
  }
  throw new Error(`No mail to ${to} arrived within ${ARRIVES_WITHIN_MS / 1000} s.`)
}

/** The code to type: six digits, or eight for a reset. */
export function codeIn({ text }: { text: string }): string {
  const code = /^(?:\d{3} ?\d{3}|\d{4} ?\d{4})$/mu.exec(text)?.[0]
  if (!code) throw new Error(`No code in this mail:\n${text}`)
  return code.replace(' ', '')
}

/** The link to click, with its fragment. */
export function linkIn({ text }: { text: string }): string {
  const link = /https?:\/\/\S+#\S+/u.exec(text)?.[0]
  if (!link) throw new Error(`No link in this mail:\n${text}`)
  return link
}
