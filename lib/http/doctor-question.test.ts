import { expect, test } from 'vitest'
import { makeSecrets } from '../secrets.ts'
import { DOCTOR_QUESTION, doctorQuestion, isDoctorQuestion } from './doctor-question.ts'

const NOW = 1_780_000_000_000
const secrets = makeSecrets('s'.repeat(32))
const question = doctorQuestion(secrets, NOW)

test('is understood for a minute, either way, under the secret of today or the one before', () => {
  expect([-60_000, 0, 60_000].map((later) => isDoctorQuestion(secrets, question, NOW + later))).toEqual([
    true,
    true,
    true,
  ])
  expect(isDoctorQuestion(makeSecrets('t'.repeat(32), 's'.repeat(32)), question, NOW)).toBe(true)
})

test('is not believed later, earlier, changed, or from whoever has another secret', () => {
  const hash = question.split('.')[1]
  expect(isDoctorQuestion(secrets, question, NOW + 60_001)).toBe(false)
  expect(isDoctorQuestion(secrets, question, NOW - 60_001)).toBe(false)
  expect(isDoctorQuestion(secrets, `${NOW + 1}.${hash}`, NOW)).toBe(false)
  expect(isDoctorQuestion(secrets, `x${question}`, NOW)).toBe(false)
  expect(isDoctorQuestion(secrets, `${question}x`, NOW)).toBe(false)
  expect(isDoctorQuestion(secrets, doctorQuestion(makeSecrets('t'.repeat(32)), NOW), NOW)).toBe(false)
})

test.each([
  null,
  '',
  '.',
  `${NOW}`,
  `${NOW}.`,
  `.${'a'.repeat(43)}`,
  `${NOW}.${'a'.repeat(42)}`,
  `1e12.${'a'.repeat(43)}`,
  `${NOW}.${'é'.repeat(43)}`,
])('is not %o', (header) => {
  expect(isDoctorQuestion(secrets, header, NOW)).toBe(false)
})

test('is asked in a header of its own, and no hash of a code', () => {
  expect(DOCTOR_QUESTION).toBe('x-vestibule-doctor')
  expect(question).toBe(`${NOW}.${secrets.codeHash(['doctor-question', String(NOW)])}`)
  const hash = secrets.codeHash(['verify', 'challenge', 'ann@example.com', '123456'])
  expect(isDoctorQuestion(secrets, `${NOW}.${hash}`, NOW)).toBe(false)
})
