/** Why nothing was done: one sentence, for the person who asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** Runs the script; a refusal is a sentence on stderr and exit code 1, anything else also shows where it happened. */
export async function runScript(script: () => Promise<void>): Promise<void> {
  try {
    await script()
  } catch (error) {
    const expected = error instanceof Error && /^(?:Refusal|SettingsError)$/u.test(error.name)
    console.error(expected ? error.message : error)
    process.exitCode = 1
  }
}
