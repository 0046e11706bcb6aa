/**
 * What Next's own script says when it asks for parts of a page: which parts it shows already. Next answers 500 where it cannot
 * read that, and sends all parts, few as they are, to whoever says nothing; so what is broken is not handed on.
 * Stricter than Next: no page of ours has parameters in its path.
 */
export function isRouterState(header: string): boolean {
  try {
    return isTree(JSON.parse(decodeURIComponent(header)))
  } catch {
    return false
  }
}

const MARKERS = ['refetch', 'inside-shared-layout', 'metadata-only']

/** `[segment, { slot: tree }, null, marker, hints]`, of which the script may leave out the last three. */
function isTree(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 2 || value.length > 5) return false
  const [segment, slots, place = null, marker = null, hints = null] = value
  return (
    typeof segment === 'string' &&
    typeof slots === 'object' &&
    slots !== null &&
    !Array.isArray(slots) &&
    Object.values(slots).every(isTree) &&
    place === null &&
    (marker === null || MARKERS.includes(marker)) &&
    (hints === null || typeof hints === 'number')
  )
}
