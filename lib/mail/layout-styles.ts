import type { CSSProperties } from 'react'
import { dark, light } from '../colours.ts'

// Mail clients know no custom properties, so each colour is written out.

const SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
const MONO = 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace'

/** Handles for what inline styles cannot say: the dark colours and the narrow screen. */
export const classes = {
  page: 'page',
  name: 'name',
  arch: 'arch',
  card: 'card',
  inside: 'inside',
  code: 'code',
  button: 'button',
  link: 'link',
  soft: 'soft',
  line: 'line',
}

/** Inline styles hold the light colours, because clients that drop this sheet show those; so everything here is forced. */
export const css = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page, .page > table > tbody > tr > td { background-color: ${dark.page} !important; color: ${dark.ink} !important; }
  .card { background-color: ${dark.card} !important; border-color: ${dark.edge} !important; }
  .name { color: ${dark.ink} !important; }
  .arch { background-color: ${dark.accent} !important; }
  .code { background-color: ${dark.tint} !important; color: ${dark.ink} !important; }
  .button { background-color: ${dark.accent} !important; color: ${dark.onAccent} !important; }
  .link { color: ${dark.accent} !important; }
  .soft { color: ${dark.soft} !important; }
  .line { border-top-color: ${dark.edge} !important; }
}
@media (max-width: 480px) {
  .inside { padding: 22px 18px 10px !important; }
  .button { display: block !important; text-align: center !important; }
}
`

const text: CSSProperties = { margin: '0 0 16px', fontSize: '16px', lineHeight: '24px' }
const small: CSSProperties = { ...text, margin: '0 0 12px', fontSize: '14px', lineHeight: '21px', color: light.soft }

export const styles = {
  page: { margin: 0, padding: '24px 12px', backgroundColor: light.page, color: light.ink, fontFamily: SANS },
  column: { maxWidth: '520px', margin: '0 auto' },
  name: { margin: '0 0 16px', fontSize: '18px', lineHeight: '24px', fontWeight: 600, textAlign: 'center' },
  /** A doorway drawn without an image. */
  arch: {
    display: 'inline-block',
    width: '14px',
    height: '18px',
    marginRight: '4px',
    borderRadius: '7px 7px 2px 2px',
    backgroundColor: light.accent,
    verticalAlign: '-2px',
  },
  card: {
    backgroundColor: light.card,
    border: `1px solid ${light.edge}`,
    borderRadius: '14px',
    borderCollapse: 'separate',
  },
  inside: { padding: '30px 32px 18px' },
  heading: { margin: '0 0 12px', fontSize: '24px', lineHeight: '30px', fontWeight: 650 },
  text,
  code: {
    margin: '0 0 20px',
    padding: '14px 8px',
    borderRadius: '10px',
    backgroundColor: light.tint,
    color: light.ink,
    fontFamily: MONO,
    fontSize: '34px',
    lineHeight: '40px',
    fontWeight: 600,
    textAlign: 'center',
    whiteSpace: 'nowrap',
  },
  codeGap: { marginLeft: '0.4em' },
  button: {
    padding: '13px 22px',
    borderRadius: '10px',
    backgroundColor: light.accent,
    color: light.onAccent,
    fontSize: '16px',
    fontWeight: 600,
  },
  address: { margin: '12px 0 20px', fontSize: '13px', lineHeight: '19px', wordBreak: 'break-all' },
  link: { color: light.accent, textDecoration: 'underline' },
  line: { margin: '20px 0', border: 'none', borderTop: `1px solid ${light.edge}` },
  small,
  footer: {
    ...small,
    margin: '16px 0 0',
    fontSize: '13px',
    lineHeight: '20px',
    textAlign: 'center',
    wordBreak: 'break-word',
  },
  footerLink: { color: light.soft, textDecoration: 'underline' },
} satisfies Record<string, CSSProperties>
