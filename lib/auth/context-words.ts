import { CONTEXT_OTHERS_MAX, CONTEXT_WORD_MIN_LENGTH } from './policy.ts'

/** What people type for a letter, so that it looks less like itself. */
const STANDS_FOR: Record<string, string> = {
  '0': 'o',
  '1': 'il',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'il',
  '+': 't',
}

const plain = (text: string) => text.normalize('NFKC').toLowerCase()
const isLetter = (char: string) => /\p{L}/u.test(char)

/** The words of a name: the whole, the whole without marks, and its parts, those also without digits at their ends. */
export function contextWords(name: string): string[] {
  const whole = plain(name).trim()
  const parts = whole.split(/[^\p{L}\p{N}]/u)
  const bare = parts.map((part) => part.replace(/^\p{N}+|\p{N}+$/gu, ''))
  return [...new Set([whole, parts.join(''), ...parts, ...bare])].filter((word) => word !== '')
}

/**
 * Whether a password is nothing but these words (as `contextWords` gives them), with at most CONTEXT_OTHERS_MAX digits, marks
 * and spaces beside them. One word at least must be of CONTEXT_WORD_MIN_LENGTH, and a letter must be there: what merely
 * holds a word among others is a password like any other.
 */
export function isMadeOf(words: string[], password: string): boolean {
  const typed = [...plain(password)]
  if (!typed.some(isLetter)) return false
  const spelt = words.map((word) => [...word])
  // How few others there are up to each place that words lead to, without a long one and with one.
  const fewest: [number[], number[]] = [[0], []]
  const reach = (row: number[], place: number, others: number) => {
    row[place] = Math.min(row[place] ?? Infinity, others)
  }
  for (const [place, char] of typed.entries())
    for (const row of fewest) {
      const others = row[place] ?? Infinity
      if (!isLetter(char)) reach(row, place + 1, others + 1)
      for (const word of spelt.filter((letters) => standsAt(place, letters, typed)))
        reach(word.length < CONTEXT_WORD_MIN_LENGTH ? row : fewest[1], place + word.length, others)
    }
  return (fewest[1][typed.length] ?? Infinity) <= CONTEXT_OTHERS_MAX
}

const standsAt = (place: number, word: string[], typed: string[]) =>
  word.every((letter, index) => {
    const char = typed[place + index] ?? ''
    return char === letter || STANDS_FOR[char]?.includes(letter)
  })
