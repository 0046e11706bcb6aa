/** What a visitor reads whose page broke on our side. It stands for itself: no script, no file of the build, no database. */
import { dark, light } from '../colours.ts'

const tokens = (colours: typeof light) =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')

const STYLE = `
:root{color-scheme:light dark;${tokens(light)}}
@media(prefers-color-scheme:dark){:root{${tokens(dark)}}}
*{box-sizing:border-box;margin:0}
body{min-height:100dvh;padding:clamp(1.5rem,9vh,5.5rem) 1rem 3rem;background:var(--page);color:var(--ink);font:1.0625rem/1.55 ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif}
header,main{max-width:27rem;margin:0 auto}
header{margin-bottom:1.25rem}
header a{display:inline-flex;align-items:center;gap:.75rem;color:inherit;font-size:1.125rem;font-weight:600;text-decoration:none}
svg{width:2.25rem;height:2.25rem;flex:none}
main{padding:1.25rem;border:1px solid var(--edge);border-radius:1rem;background:var(--card)}
@media(min-width:26rem){main{padding:2rem}}
h1{font-size:1.625rem;line-height:1.25}
p{margin-top:.5rem;color:var(--soft);overflow-wrap:anywhere}
nav{display:grid;gap:.75rem;margin:1.5rem 0}
nav a{display:flex;min-height:3rem;align-items:center;justify-content:center;padding:.625rem 1.25rem;border:1px solid var(--soft);border-radius:.75rem;color:var(--ink);font-weight:600;text-decoration:none}
nav a:first-child{border-color:transparent;background:var(--accent);color:var(--onAccent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`

const MARK = `<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="var(--accent)"/><path d="M8 26V15a8 8 0 0 1 16 0v11" fill="none" stroke="var(--onAccent)" stroke-width="2.4" stroke-linecap="round"/><path d="M13 26V16.2a3 3 0 0 1 2.2-2.9l3.8-1V26z" fill="var(--onAccent)"/></svg>`

interface BrokenPage {
  html: string
  /** Lets its one style sheet be, and nothing else be loaded, run or sent. */
  policy: string
}

/** `requestId` is what the log calls the request, `nonce` is of this answer alone; "Try again" asks for the same address. */
export function brokenPage(siteName: string, requestId: string, nonce: string): BrokenPage {
  const site = escaped(siteName)
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Something went wrong · ${site}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<header><a href="/">${MARK}${site}</a></header>
<main>
<h1>Something went wrong</h1>
<p>It is our fault, not yours. Nothing is lost: your account is as it was. Try again in a moment.</p>
<nav aria-label="Ways on"><a href="">Try again</a><a href="/">Go to the front hall</a></nav>
<p>If you report it, this number helps: <code>${escaped(requestId)}</code></p>
</main>
</body>
</html>
`
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`
  return { html, policy }
}

const escaped = (text: string) => text.replace(/[&<>"']/gu, (mark) => `&#${mark.codePointAt(0)};`)
