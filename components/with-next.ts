/** Adds where to go afterwards to a path of ours. The server checks it again (`safeNext`). */
export function withNext(path: string, next: string | null | undefined): string {
  return next ? `${path}?next=${encodeURIComponent(next)}` : path
}
