/** "40 seconds", "3 minutes", "2 hours": rounded up, so that nobody tries a moment too early. */
export function secondsInWords(seconds: number): string {
  if (seconds <= 90) return count(Math.max(1, Math.ceil(seconds)), 'second')
  if (seconds <= 90 * 60) return count(Math.ceil(seconds / 60), 'minute')
  return count(Math.ceil(seconds / 3600), 'hour')
}

const count = (number: number, unit: string) => `${number} ${unit}${number === 1 ? '' : 's'}`
