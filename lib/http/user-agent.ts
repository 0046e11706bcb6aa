import Bowser from 'bowser'

// What a browser calls itself is shown to people in mail and on pages: plain words and numbers only.
const plain = (text: string | undefined, unknown: string) =>
  text?.replace(/[^\p{L}\p{N} .()/-]/gu, '').slice(0, 40) || unknown

/** The names of browser and system, for people to read. */
export function readUserAgent(userAgent: string) {
  const unknown = { browser: 'an unknown browser', system: 'an unknown system' }
  if (userAgent === '') return unknown
  const { browser, os } = Bowser.parse(userAgent)
  return { browser: plain(browser.name, unknown.browser), system: plain(os.name, unknown.system) }
}
