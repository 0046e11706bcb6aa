/** 32 random hex digits, the poorest secret that is long enough, have fewer once in twenty million. */
const DIFFERENT_CHARACTERS = 8
/** What people leave in a file that they copied, or paste from the sentence that told them how to make one. */
const PLACEHOLDER =
  /change.?(?:me|this|it)|replace.?(?:me|this|with)|placeholder|your.{0,12}(?:secret|key|value|here)|example|(?:auth|my|super|default).?secret|secret.?key|password|openssl|at.least.\d|12345678|abcdefgh|qwertyui/iu

/** A piece said again and again until it is long enough. */
const isRepetition = (secret: string) =>
  Array.from({ length: Math.floor(secret.length / 2) }, (_, index) => index + 1).some((length) =>
    secret.startsWith(secret.slice(length)),
  )

/**
 * Whether a secret is one that somebody could think of: a placeholder, a repetition, few different characters. No measure of
 * randomness can be taken from one string; this finds what nobody drew at random, and next to nothing that somebody did.
 */
export const isGuessableSecret = (secret: string) =>
  new Set(secret).size < DIFFERENT_CHARACTERS || isRepetition(secret) || PLACEHOLDER.test(secret)
