/** What makes two spellings one account: the whole address in lower case. It is ASCII by now, so no letter folds into another. */
export const emailKey = (email: string) => email.toLowerCase()

/** What budgets count: the same without `+tag`, so that a mailbox cannot multiply its budget. Never used for identity. */
export const limitKey = (email: string) => emailKey(email).replace(/\+[^@]*(?=@)/u, '')

/** `ann@example.com` -> `a***@example.com`: enough for its owner to know it again, too little to learn it. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, 1)}***${email.slice(at)}`
}
