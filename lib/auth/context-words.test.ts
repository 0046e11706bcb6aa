import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OWN_WORK_BELOW_MS, ownWork } from '../../test/attack/own-work.ts'
import { contextWords, isMadeOf } from './context-words.ts'

describe('the words of a name', () => {
  it.each([
    ['Hall of Nine', ['hall of nine', 'hallofnine', 'hall', 'of', 'nine']],
    ['ann.other', ['ann.other', 'annother', 'ann', 'other']],
    ['Ann99', ['ann99', 'ann']],
    ['42ann99', ['42ann99', 'ann']],
    ['b0b', ['b0b']],
    ['  Hall -- Nine ', ['hall -- nine', 'hallnine', 'hall', 'nine']],
    ['id.example.org', ['id.example.org', 'idexampleorg', 'id', 'example', 'org']],
    ['ｈａｌｌ', ['hall']],
    ['Zoë', ['zoë']],
    ['2024', ['2024']],
    ['', []],
  ])('%s', (name, words) => {
    expect(contextWords(name)).toEqual(words)
  })
})

describe('a password is made of context words', () => {
  const words = ['Hall of Nine', 'ann.other', 'id.example.org', 'b0b', 'Test'].flatMap(contextWords)

  it.each([
    ['one, and a year', 'hall2024'],
    ['a year first', '1999 Nine'],
    ['marks around it', '!!hall!!'],
    ['twelve others, a date', 'Hall 24.12.1990!'],
    ['digits for letters', 'H4ll0fN1ne'],
    ['marks for letters', '@nn$$$$$'],
    ['a digit for the last letter', 'example-nin3'],
    ['the same again and again', 'hallHALLhallHALL'],
    ['several, of several names', 'Ann@Hall-of-Nine'],
    ['a digit that is the name’s own', 'b0b-1234'],
    ['with a short one beside it', 'id.hall.id'],
    ['full-width letters', 'ｈａｌｌ２０２４'],
    ['cut in more than one way', 'annother9'],
  ])('%s: %s', (_how, password) => {
    expect(isMadeOf(words, password)).toBe(true)
  })

  it.each([
    ['another word beside it', 'hall lantern 99'],
    ['one letter more', 'halls2024'],
    ['one letter less', 'hal2024!'],
    ['thirteen others', 'Hall 24.12.1990!!'],
    ['digits alone, though they spell one', '7357-2024'],
    ['short ones alone', 'of-id-of-id'],
    ['nothing of theirs', 'correct horse battery staple'],
    ['nothing at all', ''],
  ])('not with %s: %s', (_why, password) => {
    expect(isMadeOf(words, password)).toBe(false)
  })

  it.each(['0o', '1i', '1l', '3e', '4a', '5s', '7t', '8b', '@a', '$s', '!i', '!l', '+t'])(
    'with the first of %s for the second, and for no other letter',
    ([typed = '', letter = '']) => {
      expect(isMadeOf([`x${letter}yz`], `x${typed}yz`)).toBe(true)
      expect(isMadeOf(['xqyz'], `x${typed}yz`)).toBe(false)
    },
  )

  it('by the way that leaves the fewest others', () => {
    const [year, marks] = [contextWords('Hall 2024'), '!'.repeat(11)]
    expect(isMadeOf(year, `!hall2024${marks}`)).toBe(true)
    expect(isMadeOf(year, `!hall2025${marks}`)).toBe(false)
  })

  it('never where a letter is left that is in none of them', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (before, after) => {
        expect(isMadeOf(words, `${before}q${after}`)).toBe(false)
      }),
    )
  })

  it('whatever order, case and digits they come in', () => {
    const digits = fc.integer({ min: 0, max: 9999 }).map(String)
    const word = fc.constantFrom('hall', 'NINE', 'Ann', 'other', 'Example')
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), digits, digits, (chosen, before, after) => {
        expect(isMadeOf(words, before + chosen.join('') + after)).toBe(true)
      }),
    )
  })

  it('is told at once, also of the longest password and address', async () => {
    const many = contextWords(Array.from({ length: 32 }, () => 'a').join('.'))
    const { milliseconds } = await ownWork(async () => isMadeOf(many, 'a'.repeat(256)))
    expect(milliseconds).toBeLessThan(OWN_WORK_BELOW_MS)
  })
})
