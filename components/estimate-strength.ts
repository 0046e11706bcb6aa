/** Half a megabyte of word lists: imported only once somebody types a new password. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

export interface Strength {
  /** 1 (guessed at once) to 4 (out of reach). */
  level: 1 | 2 | 3 | 4
  word: string
}

const STRENGTHS: Strength[] = [
  { level: 1, word: 'Very easy to guess' },
  { level: 1, word: 'Easy to guess' },
  { level: 2, word: 'Could be guessed with some effort' },
  { level: 3, word: 'Hard to guess' },
  { level: 4, word: 'Very hard to guess' },
]

/** @param known words an attacker would try first, such as the address. */
export function estimateStrength(password: string, known: string[]): Strength | undefined {
  // The estimate takes longer with every character, and nobody guesses a hundred of them.
  return STRENGTHS[zxcvbn.check(password.slice(0, 100), known).score]
}
