export const ADDRESSES = ['ann@example.com', 'ben@example.com'] as const
export const DEVICES = ['laptop', 'phone', 'stranger'] as const
export const PASSWORDS = ['a lantern in the hall', 'an umbrella in a stand', 'the coats on their hooks'] as const

/** Which mail: `back` counts from the newest, among those that the door is for or among all. */
export interface MailPick {
  among: 'fitting' | 'all'
  back: number
}

/** What is typed or opened: a secret of the mail, a code that is not it, or the link of another mail. */
export type By = 'code' | 'link' | 'wrong' | 'crossed'

/**
 * One thing that happens. Numbers pick among what there is: addresses, browsers, passwords. 'right' is the password that
 * the account or the sign-up has; a device of null is the browser that the mail is for.
 */
export type Act =
  | { do: 'signup'; device: number; address: number; password: number }
  | { do: 'signin'; device: number; address: number; password: number | 'right'; remember: boolean }
  | { do: 'crowd'; address: number; windows: number }
  | {
      do: 'request'
      what: 'requestVerification' | 'requestSignin' | 'requestPasswordReset'
      device: number
      address: number
      remember: boolean
    }
  | {
      do: 'verify'
      device: number | null
      mail: MailPick
      by: By
      password: number | 'right' | null
      confirm: boolean
      remember: boolean | null
    }
  | { do: 'preview'; device: number | null; mail: MailPick; by: By }
  | { do: 'reset'; device: number | null; mail: MailPick; by: By; password: number }
  | { do: 'reject'; device: number | null; mail: MailPick; by: By }
  | { do: 'change'; device: number; current: number | 'right'; password: number }
  | { do: 'endSessions'; device: number; current: number | 'right'; chosen: number[] }
  | { do: 'visit'; device: number; every: number; times: number }
  | { do: 'signout'; device: number; everywhere: boolean }
  | { do: 'disable'; address: number; on: boolean }
  | { do: 'sweep' }
  | { do: 'wait'; minutes: number }

export type ActOf<Name extends Act['do']> = Extract<Act, { do: Name }>
