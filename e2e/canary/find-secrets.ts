/** A text and what it is called, such as `the log` or `POST /auth/signin 401`. */
export interface Place {
  name: string
  text: string
}

/** A text in base64 begins at one of three offsets; what depends on its neighbours is left out. */
function inBase64(secret: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + secret).toString('base64')
    const own = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + Buffer.byteLength(secret)) * 8) / 6))
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/** A secret as it stands, and as it looks in a URL, in JSON, in base64 and in hexadecimal digits. */
export function formsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex')
  const forms = [encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), hex, hex.toUpperCase()]
  return [...new Set([secret, ...forms, ...inBase64(secret)])]
}

/** Six digits turn up by chance in a text full of times and hashes; a whole number of them does not. */
const holds = (text: string, form: string) =>
  /^\d{6,8}$/u.test(form) ? new RegExp(`(?<![\\w.-])${form}(?![\\w.-])`, 'u').test(text) : text.includes(form)

/** Each place that holds one of the secrets in any form. */
export function findSecrets(secrets: Iterable<string>, places: Place[]): string[] {
  return [...secrets].flatMap((secret) => {
    const forms = formsOf(secret)
    return places
      .filter(({ text }) => forms.some((form) => holds(text, form)))
      .map(({ name }) => `${name} holds ${secret}`)
  })
}
