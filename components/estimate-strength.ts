/** Half a megabyte of word lists: imported only once somebody types a new password. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

export interface Strength {
  level: 1 | 2 | 3 | 4
  word: string
}

/** By zxcvbn's score, 0 (guessed within a thousand tries) to 4 (more than 10^10). */
const STRENGTHS: Strength[] = [
  { level: 1, word: 'Very easy to guess' },
  { level: 1, word: 'Easy to guess' },
  { level: 2, word: 'Fair' },
  { level: 3, word: 'Hard to guess' },
  { level: 4, word: 'Very hard to guess' },
]

/** @param known words an attacker would try first, such as the address. */
export function estimateStrength(password: string, known: string[]): Strength | undefined {
  // The estimate takes longer with every character, and nobody guesses a hundred of them.
  return STRENGTHS[zxcvbn.check(password.slice(0, 100), known).score]
}
