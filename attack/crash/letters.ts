/** One mail as it arrived. `id` is the Message-ID, or the idempotency key where the transport honours one. */
export interface Letter {
  id: string
  to: string
  subject: string
  text: string
}

const KINDS = {
  verify: /^Confirm your email/u,
  'sign-in': /^Sign in to /u,
  reset: /^Reset your/u,
  changed: /password was changed$/u,
}
export type Kind = keyof typeof KINDS

/** What the letter asks to be answered: the id of its challenge, the code to type and the token of its link. */
export function challengeIn({ text }: Letter): { challengeId: string; code: string; linkToken: string } {
  const [, challengeId = '', linkToken = ''] = /#c=([\w-]+)&t=([\w-]+)/u.exec(text) ?? []
  const code = /^(?:\d{3} ?\d{3}|\d{4} ?\d{4})$/mu.exec(text)?.[0]?.replace(' ', '') ?? ''
  if (!challengeId || !linkToken || !code) throw new Error(`Neither code nor link in this letter:\n${text}`)
  return { challengeId, code, linkToken }
}

/** Where mail arrives. One id that came several times is one letter and `repeated`. */
export class Inbox {
  readonly #letters = new Map<string, Letter[]>()
  readonly #seen = new Map<string, number>()

  receive(letter: Letter): void {
    const times = this.#seen.get(letter.id) ?? 0
    this.#seen.set(letter.id, times + 1)
    if (times === 0) this.#letters.set(letter.to, [...(this.#letters.get(letter.to) ?? []), letter])
  }

  /** Letters of this kind to this address, each once, in the order of arrival. */
  of(to: string, kind: Kind): Letter[] {
    return (this.#letters.get(to) ?? []).filter(({ subject }) => KINDS[kind].test(subject))
  }

  get arrived(): number {
    return this.#seen.size
  }

  get repeated(): number {
    return [...this.#seen.values()].filter((times) => times > 1).length
  }
}
