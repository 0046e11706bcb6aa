/** What the link of an email carries behind its `#`, where no server, log or Referer sees it. */
export interface LinkSecret {
  challengeId: string
  token: string
}

let taken: LinkSecret | null = null

/**
 * Reads the fragment and takes it out of the address bar and the history. Kept in memory from then on, so asking again
 * (React mounts twice in development) gives the same answer. Null when the page was opened without a link.
 */
export function takeLinkSecret(): LinkSecret | null {
  // A link opened where this page already stands changes the fragment alone, and nothing would happen.
  window.onhashchange = () => window.location.reload()
  const parameters = new URLSearchParams(window.location.hash.slice(1))
  const challengeId = parameters.get('c')
  const token = parameters.get('t')
  if (challengeId && token) taken = { challengeId, token }
  if (window.location.hash !== '') {
    window.history.replaceState(null, '', window.location.pathname + window.location.search)
  }
  return taken
}
