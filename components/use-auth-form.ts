'use client'
import { type FormEvent, useRef, useState } from 'react'
import { type FieldValues, type RegisterOptions, type ResolverOptions, useForm } from 'react-hook-form'
import { type Problem, post } from '#lib/api-client'
import type { InputName } from './check-input.ts'

/** What a form says above its fields. A `Flash` has this shape: it is how a browser without JavaScript comes back. */
export interface FormMessage {
  kind: 'failure' | 'notice'
  message: string
  email?: string
  errors?: { field: string; message: string }[]
  /** Tells two equal messages apart, so that the second one is announced too. */
  at?: number
}

/** Where a form is sent, and what follows. */
export interface Target<Value> {
  /** With the query (`next`): the same address with JavaScript and without. */
  path: string
  /** Which input of lib/schemas.ts it takes. */
  input: InputName
  /** The part of what was typed that this target takes; all of it, unless said otherwise. */
  pick?: (typed: FieldValues) => FieldValues
  /** The field that is wrong when the server names none. */
  blames?: string
  done: (value: Value) => void | Promise<void>
  /** True when the problem has been dealt with and need not be shown. */
  refused?: (problem: Problem) => boolean | Promise<boolean>
}

/**
 * One form: checked by zod, sent as JSON, the server's errors put on the fields they belong to and the first one focused.
 * No default values are given to react-hook-form, so what was typed or filled in before hydration stays.
 */
export function useAuthForm(left: FormMessage | null) {
  const current = useRef<Pick<Target<never>, 'input' | 'pick'> | null>(null)
  const form = useForm<FieldValues>({ resolver: (typed, _, options) => check(current.current, typed, options) })
  const [message, setMessage] = useState(left)
  const [working, setWorking] = useState<string | null>(null)

  function show(problem: Problem, blamed?: string) {
    const known = form.getValues()
    const all = problem.errors ?? (blamed ? [{ field: blamed, code: problem.code, message: problem.detail }] : [])
    const errors = all.filter((error) => error.field in known)
    for (const error of errors) form.setError(error.field, { type: error.code, message: error.message })
    if (errors[0]) form.setFocus(errors[0].field, { shouldSelect: true })
    const allShown = errors.length > 0 && errors.length === all.length
    setMessage(allShown ? null : failure(problem))
  }

  async function send<Value>(target: Target<Value>, input: FieldValues) {
    setWorking(target.path)
    const answer = await post<Value>(target.path, input)
    if (answer.ok) await target.done(answer.value)
    else if (!(await target.refused?.(answer.problem))) show(answer.problem, blamed(target, answer.problem))
    setWorking(null)
  }

  return {
    message,
    setMessage,
    /** The path being sent to, or null. */
    working,
    /** What is typed right now. */
    typed: form.getValues,
    /** Props of a `<form>` that goes to the target, with JavaScript or without. */
    to: <Value>(target: Target<Value>) => ({
      method: 'post' as const,
      action: target.path,
      // The browser's own checks serve until this code runs; from then on ours say it better, and beside the field.
      ref: (element: HTMLFormElement | null) => element?.setAttribute('novalidate', ''),
      onFocus: loadCheck,
      onSubmit: (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        if (working !== null) return
        current.current = target
        if (message?.errors) setMessage(null)
        void form.handleSubmit((input) => send(target, input))(event)
      },
    }),
    /** Props of the input with this name. */
    field: (name: string, options?: RegisterOptions) => ({
      ...form.register(name, options),
      error: (form.formState.errors[name]?.message as string | undefined) ?? errorLeft(message, name),
    }),
  }
}

const loadCheck = () => import('./check-input.ts').catch(() => null)

/** Without the check (it did not load) the server's answer is the only one, as without JavaScript. */
async function check(
  target: Pick<Target<never>, 'input' | 'pick'> | null,
  typed: FieldValues,
  options: ResolverOptions<FieldValues>,
) {
  const picked = target?.pick ? target.pick(typed) : typed
  const loaded = target && (await loadCheck())
  return loaded ? loaded.checkInput(target.input, picked, options) : { values: picked, errors: {} }
}

/** A wrong answer is the field's fault; a busy server or a lost connection is not. */
function blamed(target: Target<never>, { code }: Problem): string | undefined {
  return code === 'challenge_invalid' || code === 'invalid_credentials' ? target.blames : undefined
}

function failure({ detail }: Problem): FormMessage {
  return { kind: 'failure', message: detail, at: performance.now() }
}

function errorLeft(message: FormMessage | null, name: string): string | undefined {
  return message?.errors?.find((error) => error.field === name)?.message
}
