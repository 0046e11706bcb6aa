import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ASKED_AT, challengeLetter, LETTERS, newsLetter, SITE } from '../../test/mail/letters.ts'
import { renderLetter } from './messages.tsx'

const TO = 'ann@example.com'
const SECRET = '#c=Y2hhbGxlbmdlLWlkLTE_-A&t=bGluay10b2tlbi1vZi0yNTYtYml0cy1pbi1iYXNlNjR-_x'

/** Visible text of the HTML part, as a browser would copy it. */
const visible = (html: string) =>
  html
    .replace(/^.*<body/su, '<body')
    .replace(/<!--.*?-->/gsu, '')
    .replace(/<\/(?:p|h1|td|div)>/gu, '\n')
    .replace(/<[^>]*>/gu, '')
    .replaceAll('&amp;', '&')

describe('a letter with a challenge', () => {
  const table = [
    [
      'verify',
      'Confirm your email address for Vestibule',
      '/magic-link',
      '012345',
      'the link for 24 hours, until 24 November 2026, 14:22 UTC',
    ],
    [
      'sign-in',
      'Sign in to Vestibule',
      '/magic-link',
      '012345',
      'The code and the link work for 10 minutes, until 14:32 UTC',
    ],
    ['reset', 'Reset your Vestibule password', '/reset/new', '01234567', 'the link for 30 minutes, until 14:52 UTC'],
  ] as const

  test.each(table)(
    '%s: subject, code, link and lifetimes, in both parts',
    async (template, subject, path, code, lifetime) => {
      const mail = await renderLetter(challengeLetter(template), SITE, TO)
      const link = `https://id.example.com${path}${SECRET}`
      expect(mail.subject).toBe(subject)
      expect(mail.text.split('\n')).toContain(code)
      expect(mail.text.split('\n')).toContain(link)
      expect(mail.html.match(/href="([^"]*)"/gu)).toContain(`href="${link.replaceAll('&', '&amp;')}"`)
      for (const part of [mail.text, visible(mail.html)]) {
        expect(part).toContain(code)
        expect(part).toContain(link)
        expect(part).toContain('14:32 UTC')
        expect(part).toContain(lifetime)
        expect(part).toContain('from Firefox on Windows, 23 November 2026, 14:22 UTC')
        expect(part).toMatch(/Not you\? .{40}/u)
        expect(part).toContain(`Sent to ${TO}.`)
      }
    },
  )

  test.each(['verify', 'sign-in', 'reset'] as const)(
    '%s: what a locked screen shows holds no secret',
    async (template) => {
      const { subject, html } = await renderLetter(challengeLetter(template), SITE, TO)
      const preheader = /<div style="display:none[^>]*>([^<]*)</u.exec(html)?.[1] ?? ''
      expect(preheader).not.toBe('')
      for (const shown of [subject, preheader]) {
        expect(shown).not.toMatch(/\d{3}/u)
        expect(shown).not.toContain('#c=')
      }
    },
  )
})

describe('a letter with news', () => {
  const table = [
    ['address-taken', 'You already have an account at Vestibule', ['/signin', '/reset']],
    ['password-changed', 'Your Vestibule password was changed', ['/reset']],
    ['new-browser', 'New sign-in to your Vestibule account', ['/reset']],
    ['signin-after-failures', 'Sign-in to your Vestibule account after wrong passwords', ['/reset']],
  ] as const

  test.each(table)(
    '%s: says what happened and where to go on, and carries no secret',
    async (template, subject, paths) => {
      const mail = await renderLetter(newsLetter(template), SITE, TO)
      expect(mail.subject).toBe(subject)
      for (const path of paths) {
        expect(mail.text.split('\n')).toContain(`https://id.example.com${path}`)
        expect(mail.html).toContain(`href="https://id.example.com${path}"`)
      }
      for (const part of [mail.text, visible(mail.html)]) {
        expect(part).toContain('from Safari on iPhone, 23 November 2026, 14:22 UTC')
        expect(part).toMatch(/Not you\? .{40}/u)
        expect(part).not.toMatch(/#c=|\d{5}/u)
      }
    },
  )
})

describe('every letter', () => {
  test.each(LETTERS)('$template fetches nothing and goes nowhere but to the site', async (letter) => {
    const { html } = await renderLetter(letter, SITE, TO)
    expect(html).not.toMatch(/<(?:img|link|script|iframe|video|object|form)\b|url\(|@import|@font-face|src=/iu)
    // The name of the document type is an address too, which nothing opens.
    const origins = [...html.replace(/^<!DOCTYPE[^>]*>/u, '').matchAll(/https?:\/\/[^/"<\s#]+/gu)].map(
      ([origin]) => origin,
    )
    expect(new Set(origins)).toEqual(new Set([SITE.origin]))
  })

  test.each(LETTERS)('$template knows light and dark', async (letter) => {
    const { html } = await renderLetter(letter, SITE, TO)
    expect(html).toContain('<meta content="light dark" name="color-scheme"/>')
    expect(html).toContain('@media (prefers-color-scheme: dark)')
  })

  test.each(LETTERS)('$template is the same mail at every try', async (letter) => {
    expect(await renderLetter(letter, SITE, TO)).toEqual(await renderLetter(structuredClone(letter), SITE, TO))
  })

  test('escapes what came from outside, and keeps it on one line', async () => {
    const markup = fc.string({
      unit: fc.constantFrom('<', '>', '"', "'", '&', '\n', '\r', '\0', 'b', '/', ' '),
      maxLength: 30,
    })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...LETTERS), markup, markup, markup, async (letter, browser, system, name) => {
        const askedFrom = { browser: `<b>${browser}`, system: `"><i>${system}` }
        const plain = await renderLetter(
          { ...letter, askedFrom: { browser: 'X', system: 'X' } },
          { ...SITE, name: 'X' },
          TO,
        )
        const marked = await renderLetter({ ...letter, askedFrom }, { ...SITE, name: `<u>${name}` }, TO)
        const tags = (html: string) => html.match(/<[^>]*>/gu)
        expect(tags(marked.html)).toEqual(tags(plain.html))
        const asker = marked.text.split('\n').find((line) => line.includes('23 November 2026, 14:22'))
        expect(asker).toMatch(/from <b>.* on "><i>.*, 23 November/u)
      }),
      { numRuns: 60 },
    )
  })
})

test('a lifetime that ends on another day names the day', async () => {
  const late = ASKED_AT + (9 * 60 + 30) * 60_000
  const letter = challengeLetter('sign-in', {
    askedAt: late,
    codeExpiresAt: late + 600_000,
    linkExpiresAt: late + 600_000,
  })
  const { text } = await renderLetter(letter, SITE, TO)
  expect(text).toContain('The code and the link work for 10 minutes, until 24 November 2026, 00:02 UTC.')
})
