const ANYWHERE = 'http://vestibule.invalid'

/**
 * Where to go after signing in: a path of this site, or null. Everything that a browser could read as another host is
 * refused: `//`, `\`, control characters, and whatever does not come back from the URL parser as it went in.
 */
export function safeNext(next: string | null | undefined): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop them, so `/\t/evil` would become `//evil`
  if (!next || next.length > 512 || !/^\/(?![/\\])/u.test(next) || /[\u0000-\u0020\u007f\\]/u.test(next)) return null
  const { pathname, search, hash } = new URL(next, ANYWHERE)
  // `/.//evil` and `/%2e//evil` come back from the parser as `//evil`.
  return `${pathname}${search}${hash}` === next ? next : null
}
