const FORMAT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/**
 * In UTC, and saying so: the server does not know the visitor's zone, and a text that changes as it loads is worse. For
 * pages alone, because browsers put other words between date and time.
 */
export function Time({ iso }: { iso: string }) {
  return <time dateTime={iso}>{FORMAT.format(new Date(iso))} UTC</time>
}
