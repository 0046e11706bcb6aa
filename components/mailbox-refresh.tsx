'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

const EVERY_MS = 2000

/** Looks for new mail and renders the list anew when there is some. Without JavaScript it is a link that loads the page. */
export function MailboxRefresh({ newest, to }: { newest: string | null; to: string | null }) {
  const router = useRouter()
  const query = to ? `?to=${encodeURIComponent(to)}` : ''
  useEffect(() => {
    const timer = setInterval(async () => {
      if (document.hidden) return
      const id = await newestId(`/mailbox/messages${query}`)
      if (id !== undefined && id !== newest) router.refresh()
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [newest, query, router])
  return <a href={`/mailbox${query}`}>Look for new mail</a>
}

/** Undefined when there was no answer, null when the mailbox is empty. */
async function newestId(path: string): Promise<string | null | undefined> {
  try {
    const response = await fetch(path, { headers: { accept: 'application/json' } })
    const messages: { id: string }[] = await response.json()
    return response.ok ? (messages[0]?.id ?? null) : undefined
  } catch {
    return undefined
  }
}
