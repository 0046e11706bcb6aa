const LONGEST = 200

/**
 * What a provider said, fit for the log: one short line without addresses, links, codes and tokens. Providers like to
 * quote the mail they refuse.
 */
export function reasonForLog(text: string): string {
  return text
    .replace(/https?:\/\/\S+/giu, '[link]')
    .replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/gu, '[address]')
    .replace(/[\w-]{20,}/gu, '[token]')
    .replace(/\d(?:[ -]?\d){5,}/gu, '[digits]')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST)
}
