import type { ChallengeLetter, Letter, NewsLetter } from '../auth/letters.ts'
import { describeAsker, describeLifetime } from './letter-words.ts'

/** The site as its letters name it. `origin` comes from APP_ORIGIN, never from a request, and has no trailing slash. */
export interface Site {
  name: string
  origin: string
}

/** What one letter says. layout.tsx and plain-text.ts each lay out all of it, so that both parts say the same. */
export interface LetterContent {
  /**
   * Never holds the code. Peers put it there to save a tap; but subjects show on locked screens and stand in the logs of
   * every mail server on the way, and this code alone opens the account to whoever asked for it. The site's name is the
   * one variable part: nothing a visitor typed.
   */
  subject: string
  /** What a list of mails shows beside the subject: no code there either, for the same reason. */
  preheader: string
  heading: string
  intro: string
  code?: { intro: string; digits: string }
  /** The first is a button. */
  links: { intro?: string; label: string; url: string }[]
  lifetime?: string
  asker: string
  notYou: string
}

const linkTo = ({ origin }: Site, path: string, { challengeId, linkToken }: ChallengeLetter) =>
  // A fragment: it reaches no server, no log and no Referer.
  `${origin}${path}#c=${encodeURIComponent(challengeId)}&t=${encodeURIComponent(linkToken)}`

function verify(letter: ChallengeLetter, site: Site): LetterContent {
  return {
    subject: `Confirm your email address for ${site.name}`,
    preheader: 'One step left: the code and the link for your new account are inside.',
    heading: 'Confirm your email address',
    intro: `Welcome to ${site.name}. To finish your sign-up, show that this mailbox is yours.`,
    code: { intro: 'Type this code in the browser where you signed up:', digits: letter.code },
    links: [{ intro: 'Or open this link:', label: 'Confirm my address', url: linkTo(site, '/magic-link', letter) }],
    lifetime: describeLifetime(letter),
    asker: describeAsker('Signed up', letter),
    notYou:
      'Somebody may have mistyped their address. Ignore this email and the sign-up is deleted within a day, or open the ' +
      'link and choose “This wasn’t me” to delete it now. Give the code to nobody.',
  }
}

function signIn(letter: ChallengeLetter, site: Site): LetterContent {
  return {
    subject: `Sign in to ${site.name}`,
    preheader: 'The code and the link you asked for are inside.',
    heading: `Sign in to ${site.name}`,
    intro: 'You asked to sign in by email. No password is needed.',
    code: { intro: 'Type this code in the browser where you asked:', digits: letter.code },
    links: [{ intro: 'Or open this link:', label: 'Sign in', url: linkTo(site, '/magic-link', letter) }],
    lifetime: describeLifetime(letter),
    asker: describeAsker('Requested', letter),
    notYou:
      'Ignore this email: without the code or the link nobody gets in. Give neither to anybody, ' +
      `not even to somebody who claims to be from ${site.name}.`,
  }
}

function reset(letter: ChallengeLetter, site: Site): LetterContent {
  return {
    subject: `Reset your ${site.name} password`,
    preheader: 'The code and the link to choose a new password are inside.',
    heading: 'Choose a new password',
    intro: `You asked to reset the password of your ${site.name} account.`,
    code: { intro: 'Type this code in the browser where you asked:', digits: letter.code },
    links: [{ intro: 'Or open this link:', label: 'Choose a new password', url: linkTo(site, '/reset/new', letter) }],
    lifetime: describeLifetime(letter),
    asker: describeAsker('Requested', letter),
    notYou:
      'Ignore this email: your password stays as it is. Give the code and the link to nobody, ' +
      `not even to somebody who claims to be from ${site.name}.`,
  }
}

function addressTaken(letter: NewsLetter, site: Site): LetterContent {
  return {
    subject: `You already have an account at ${site.name}`,
    preheader: 'Somebody tried to sign up with your address. Nothing was changed.',
    heading: 'You already have an account',
    intro: `Somebody tried to sign up at ${site.name} with your address. It has an account, so nothing was changed. If it was you, sign in instead.`,
    links: [
      { label: 'Sign in', url: `${site.origin}/signin` },
      { intro: 'Forgotten your password?', label: 'Reset it', url: `${site.origin}/reset` },
    ],
    asker: describeAsker('Tried', letter),
    notYou:
      'There is nothing to do. Your account and password are as they were, and whoever tried was not told that you have one.',
  }
}

const takeItBack = (site: Site) => [
  { intro: 'If it was not you, take your account back:', label: 'Choose a new password', url: `${site.origin}/reset` },
]

function passwordChanged(letter: NewsLetter, site: Site): LetterContent {
  return {
    subject: `Your ${site.name} password was changed`,
    preheader: 'If it was you, there is nothing to do.',
    heading: 'Your password was changed',
    intro: `The password of your ${site.name} account was changed, and every other browser was signed out. If it was you, there is nothing to do.`,
    links: takeItBack(site),
    asker: describeAsker('Changed', letter),
    notYou:
      'Whoever changed it could read your email, or was signed in as you and knew the old password. Change the password of ' +
      'your mailbox first, then choose a new one here: that signs every browser out.',
  }
}

const THEY_KNOW_IT =
  'Whoever it was knows your password. Choose a new one: that signs every browser out. Where else you use that password, ' +
  'change it too.'

function newBrowser(letter: NewsLetter, site: Site): LetterContent {
  return {
    subject: `New sign-in to your ${site.name} account`,
    preheader: 'If it was you, there is nothing to do.',
    heading: 'New sign-in',
    intro: `Somebody signed in to your ${site.name} account with its password, in a browser that it does not know. If it was you, there is nothing to do.`,
    links: takeItBack(site),
    asker: describeAsker('Signed in', letter),
    notYou: THEY_KNOW_IT,
  }
}

function signinAfterFailures(letter: NewsLetter, site: Site): LetterContent {
  return {
    subject: `Sign-in to your ${site.name} account after wrong passwords`,
    preheader: 'If it was you, there is nothing to do.',
    heading: 'Sign-in after wrong passwords',
    intro: `Somebody signed in to your ${site.name} account, after several wrong passwords in the same browser. If it was you, there is nothing to do.`,
    links: takeItBack(site),
    asker: describeAsker('Signed in', letter),
    notYou: THEY_KNOW_IT,
  }
}

/** What the letter says, in plain words. Knows every template: a new one does not compile until it is written here. */
export function letterContent(letter: Letter, site: Site): LetterContent {
  switch (letter.template) {
    case 'verify':
      return verify(letter, site)
    case 'sign-in':
      return signIn(letter, site)
    case 'reset':
      return reset(letter, site)
    case 'address-taken':
      return addressTaken(letter, site)
    case 'password-changed':
      return passwordChanged(letter, site)
    case 'new-browser':
      return newBrowser(letter, site)
    case 'signin-after-failures':
      return signinAfterFailures(letter, site)
  }
}
