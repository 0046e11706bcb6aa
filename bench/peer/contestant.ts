import type { Account } from '../accounts.ts'

/** An app that signs people in, as the comparison sees it. */
export interface Contestant {
  name: string
  origin: string
  pid: number
  /** Answers 200 to the session cookie of a user. */
  sessionPath: string
  healthPath: string
  /** One sign-up, as far as the app can go without the visitor. */
  signUp(who: string): Promise<unknown>
  /** One that can sign in. */
  createAccount(who: string): Promise<Account>
  /** The cookies that a browser would keep. Throws when it is not let in. */
  signIn(account: Account): Promise<string>
  stop(): Promise<unknown>
}
