/**
 * react-hook-form with zod and the schemas: most of a form's code, so it is asked for at the first touch of a form and
 * not before. Until then a field is what the browser makes of it.
 */
import type { ChangeEvent } from 'react'
import { createFormControl, type FieldErrors, type FieldValues } from 'react-hook-form'
import { checkInput, type InputName } from './check-input.ts'

/** What a form sends: an input of lib/schemas.ts, and the part of what was typed that goes into it. */
export interface Checked {
  input: InputName
  /** All of it, unless said otherwise. */
  pick?: (typed: FieldValues) => FieldValues
}

/** Sentences by the name of the field. */
export type Mistakes = Record<string, string>

/** Checks a form when it is sent, and from then on each field as it is changed. `tell` gets all mistakes there are then. */
export function createFormCheck(tell: (mistakes: Mistakes) => void) {
  let checked: Checked
  const form = createFormControl<FieldValues>({
    resolver: (typed, _, options) => checkInput(checked.input, checked.pick?.(typed) ?? typed, options),
  })
  form.subscribe({ formState: { errors: true }, callback: ({ errors = {} }) => tell(sentences(errors)) })

  return {
    /** What is to be sent; null when something is wrong, and then the first wrong field is focused. */
    async run(next: Checked, inputs: Iterable<[string, HTMLInputElement]>): Promise<FieldValues | null> {
      checked = next
      for (const [name, input] of inputs) form.register(name).ref(input)
      let values: FieldValues | null = null
      await form.handleSubmit((valid) => {
        values = valid
      })()
      return values
    },
    changed: (event: ChangeEvent<HTMLInputElement>) => void form.register(event.target.name).onChange(event),
    /** The server's own mistakes, put where the others are. */
    refused(mistakes: { field: string; code: string; message: string }[]) {
      for (const { field, code, message } of mistakes) form.setError(field, { type: code, message })
      if (mistakes[0]) form.setFocus(mistakes[0].field, { shouldSelect: true })
    },
  }
}

export type FormCheck = ReturnType<typeof createFormCheck>

const sentences = (errors: FieldErrors): Mistakes =>
  Object.fromEntries(Object.entries(errors).map(([name, error]) => [name, String(error?.message ?? '')]))
