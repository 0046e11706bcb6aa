/**
 * Whether a browser says that another site sent this. `Sec-Fetch-Site` decides where it is present; where not, an
 * `Origin` must be ours (`null`, a sandboxed frame's, is not). A request with neither is no browser's and passes.
 */
export function isCrossOrigin(headers: Headers, appOrigin: string): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  const origin = headers.get('origin')
  return origin !== null && origin !== appOrigin
}
