/** What is said of sessions that were ended elsewhere; by the route, and by the page that is loaded after it. */
export function endedInWords(count: number): string {
  if (count === 0) return 'What you chose was already signed out. You stay signed in here.'
  return `${count === 1 ? '1 session is' : `${count} sessions are`} signed out. You stay signed in here.`
}
