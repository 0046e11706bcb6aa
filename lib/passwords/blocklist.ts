import { dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english } from '@zxcvbn-ts/language-en'

let entries: Set<string> | undefined

/** Over 100,000 leaked passwords and single words, made at the first use: about 10 MB that a browser bundle must never carry. */
export function commonPasswords(): ReadonlySet<string> {
  entries ??= new Set(
    [common['passwords-common'], common['diceware-common'], english['commonWords-en']]
      .flat()
      .map((entry) => String(entry).toLowerCase()),
  )
  return entries
}

/** Whole string, case-folded (NIST SP 800-63B-4 3.1.1.2: compare the entire password, not substrings). */
export function isCommonPassword(password: string): boolean {
  return commonPasswords().has(password.normalize('NFKC').toLowerCase())
}
