/** What the link of an email carries behind its `#`, where no server, log or Referer sees it. */
export interface LinkSecret {
  challengeId: string
  token: string
}

let taken: LinkSecret | null = null

/*
 * A link opened where this page already stands changes the fragment alone, and nothing would happen. The address is
 * the event's own: while the page starts, Next writes back the one that it began with, without the fragment. An event
 * that comes after its link was read finds no fragment either, and is not the same link opened a second time.
 */
if (typeof window !== 'undefined') {
  window.addEventListener('hashchange', ({ newURL }) => {
    const secret = secretIn(new URL(newURL).hash)
    if (!secret || (secret.token === taken?.token && window.location.hash === '')) return
    window.location.replace(newURL)
    window.location.reload()
  })
}

/**
 * Reads the fragment and takes it out of the address bar and the history. Kept in memory from then on, so asking again
 * (React mounts twice in development) gives the same answer. Null when the page was opened without a link.
 */
export function takeLinkSecret(): LinkSecret | null {
  taken = secretIn(window.location.hash) ?? taken
  if (window.location.hash !== '') {
    window.history.replaceState(null, '', window.location.pathname + window.location.search)
  }
  return taken
}

function secretIn(fragment: string): LinkSecret | null {
  const parameters = new URLSearchParams(fragment.slice(1))
  const challengeId = parameters.get('c')
  const token = parameters.get('t')
  return challengeId && token ? { challengeId, token } : null
}
