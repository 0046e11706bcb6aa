import { expect, test } from 'vitest'
import { secondsInWords } from './seconds-in-words.ts'

test.each([
  [0, '1 second'],
  [1, '1 second'],
  [1.2, '2 seconds'],
  [90, '90 seconds'],
  [91, '2 minutes'],
  [3600, '60 minutes'],
  [90 * 60 + 1, '2 hours'],
  [86_400, '24 hours'],
])('%d s is %s', (seconds, words) => {
  expect(secondsInWords(seconds)).toBe(words)
})
