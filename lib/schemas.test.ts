import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endSessionsInput, parseEmail, signinInput, signupInput, verifyInput } from './schemas.ts'

describe('parseEmail', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    [' ann@example.com ', 'ann@example.com'],
    ['Ann.Other+tag@Example.COM', 'Ann.Other+tag@example.com'],
    ["o'hara!#$%&*/=?^_`{|}~-@example.com", "o'hara!#$%&*/=?^_`{|}~-@example.com"],
    ['ann@büro.example', 'ann@xn--bro-hoa.example'],
    ['ann@例え.example', 'ann@xn--r8jz45g.example'],
    ['a@b.co', 'a@b.co'],
  ])('takes %j', (typed, parsed) => {
    expect(parseEmail(typed)).toBe(parsed)
  })

  it.each([
    '',
    ' ',
    'ann',
    'ann@',
    '@example.com',
    'ann@example',
    'ann@@example.com',
    'ann@a@example.com',
    'ann@example..com',
    'ann@.example.com',
    'ann@example.com.',
    'ann@-example.com',
    'ann@192.0.2.1',
    'ann@[192.0.2.1]',
    'ann@0x7f.0.0.1',
    'ann@2130706433',
    'ann@[::1]',
    'ann@example.com:25',
    'ann@example.com/path',
    'ann@example.com?x',
    'ann@example.com#x',
    'ann@ex%61mple.com',
    'ann smith@example.com',
    'ann@exa mple.com',
    'ann,ben@example.com',
    'ann@example.com,ben@example.com',
    'ann;ben@example.com',
    '"ann"@example.com',
    '"ann@evil.example"@example.com',
    'ann(comment)@example.com',
    '<ann@example.com>',
    'Ann <ann@example.com>',
    'ann\\@example.com',
    'ann:x@example.com',
    'ann\r\nBcc: ben@example.com',
    'ann@example.com\n',
    'ann\u0000@example.com',
    'ann\t@example.com',
    'ann\u00a0@example.com',
    'ann\uff20example.com',
    '\uff41nn@example.com',
    '\u212aate@example.com',
    'ma\u0131l@example.com',
    'stra\u00dfe@example.com',
    'ann@exa\u00admple.com',
    'ann@exa\u200bmple.com',
    'ann@exam\u200dple.com',
    'ann\u0308@example.com',
    '.ann@example.com',
    'ann.@example.com',
    'a..nn@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'a'.repeat(64)}.com`,
    `ann@${'a.'.repeat(130)}com`,
  ])('refuses %j', (typed) => {
    expect(parseEmail(typed)).toBeNull()
  })

  const local = 'l'.repeat(64)
  const bytes = (text: string | null) => Buffer.byteLength(text ?? '')

  it.each([
    ['ASCII', `${local}@${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(61)}`, 254, 254],
    ['ASCII, spaces around it', ` ${local}@${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(61)} `, 256, 254],
    ['longer as typed', `${local}@${'ö'.repeat(50)}.${'ö'.repeat(42)}.com`, 254, 174],
    ['longer in ASCII', `${local}@${'ö.'.repeat(23)}hello`, 139, 254],
  ])('takes 254 bytes and no more: %s', (_, longest, typed, parsed) => {
    expect([bytes(longest), bytes(parseEmail(longest))]).toEqual([typed, parsed])
    // The last label has room for one more letter: nothing but the sum can refuse it.
    expect(parseEmail(longest.replace(/( ?)$/u, 'x$1'))).toBeNull()
  })

  it('is settled: what it gives back it takes unchanged, in 254 bytes of printable ASCII with one @', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.emailAddress(),
          fc.string({ unit: 'binary' }).map((text) => `a@${text}.example`),
        ),
        (typed) => {
          const parsed = parseEmail(typed)
          fc.pre(parsed !== null)
          expect(parseEmail(parsed ?? '')).toBe(parsed)
          expect(parsed).toMatch(/^[!-~]{3,254}$/u)
          expect(parsed?.split('@')).toHaveLength(2)
        },
      ),
    )
  })
})

const issues = (result: { success: boolean; error?: { issues: { message: string }[] } }) =>
  result.error?.issues.map(({ message }) => message)

describe('passwords', () => {
  const chosen = (password: unknown) => issues(signupInput.safeParse({ email: 'a@b.co', password }))

  it.each(['x', ' spaces kept ', '🗝'.repeat(256), 'a'.repeat(256), 'ö'.repeat(256), 'e\u0301'.repeat(256)])(
    'takes %j as it is',
    (password) => {
      expect(signupInput.parse({ email: 'a@b.co', password }).password).toBe(password)
    },
  )

  it.each([
    ['', 'Choose a password.'],
    [undefined, 'Choose a password.'],
    ['a'.repeat(257), 'Use at most 256 characters.'],
    ['🗝'.repeat(257), 'Use at most 256 characters.'],
    ['a'.repeat(5000), 'Use at most 256 characters.'],
    ['a\u0000b', 'A password cannot contain the NUL character.'],
    ['a\ud800b', 'This password has a broken character in it. Type it again.'],
  ])('says what is wrong with %j', (password, message) => {
    expect(chosen(password)).toContain(message)
  })

  it('of today need not follow the rules of today to be compared', () => {
    expect(signinInput.safeParse({ email: 'a@b.co', password: 'x' }).success).toBe(true)
  })
})

describe('chosen sessions', () => {
  const id = (index: number) => String(index).padStart(22, 'A-_')
  const refusedBy = (sessionIds: unknown) =>
    endSessionsInput
      .safeParse({ sessionIds, currentPassword: 'x' })
      .error?.issues.map(({ path, message }) => [path.join('.'), message])

  it('are one to twenty ids', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => id(index))
    for (const sessionIds of [[id(0)], twenty])
      expect(endSessionsInput.parse({ sessionIds, currentPassword: 'x' })).toEqual({ sessionIds, currentPassword: 'x' })
    expect(refusedBy([...twenty, id(20)])).toEqual([['sessionIds', 'Choose at most 20.']])
  })

  it.each([[], undefined, null, id(0), {}])('are not %j', (sessionIds) => {
    expect(refusedBy(sessionIds)?.[0]).toEqual(['sessionIds', 'Choose at least one to sign out.'])
  })

  it.each(['', 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(21)}\n`, `${'A'.repeat(21)}'`])(
    'have no id that is no id: %j',
    (wrong) => {
      expect(refusedBy([id(0), wrong])).toEqual([['sessionIds.1', 'This is not the id of a session.']])
    },
  )
})

describe('tokens', () => {
  const parsed = (token: string) => verifyInput.safeParse({ challengeId: 'A'.repeat(22), token }).data?.token

  it.each([
    ['123456', '123456'],
    ['123 456', '123456'],
    [' 123-456 ', '123456'],
    ['\uff11\uff12\uff13\uff14\uff15\uff16', '123456'],
    ['12345678', '12345678'],
    ['012345', '012345'],
    ['A-_'.repeat(14).concat('x'), 'A-_'.repeat(14).concat('x')],
  ])('reads %j as %s', (typed, token) => {
    expect(parsed(typed)).toBe(token)
  })

  it.each(['', '12345', '1234567', '123456789', 'abcdef', '12345a', 'x'.repeat(42), 'x'.repeat(44), '١٢٣٤٥٦'])(
    'refuses %j',
    (typed) => {
      expect(parsed(typed)).toBeUndefined()
    },
  )
})

it.each([
  [true, true],
  [false, false],
  ['on', true],
  ['true', true],
])('reads the flag %j', (given, flag) => {
  expect(signinInput.parse({ email: 'a@b.co', password: 'x', remember: given }).remember).toBe(flag)
})

it.each([null, 1, 'off', 'yes', ''])('refuses the flag %j', (given) => {
  expect(signinInput.safeParse({ email: 'a@b.co', password: 'x', remember: given }).success).toBe(false)
})
