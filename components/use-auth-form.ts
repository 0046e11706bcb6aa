'use client'
import { type ChangeEvent, type FormEvent, useRef, useState } from 'react'
import { type Problem, post } from '#lib/api-client'
import type { Checked, FormCheck, Mistakes } from './form-check.ts'

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
export interface Target<Value> extends Checked {
  /** With the query (`next`): the same address with JavaScript and without. */
  path: string
  /** The field that is wrong when the server names none. */
  blames?: string
  done: (value: Value) => void | Promise<void>
  /** True when the problem has been dealt with and need not be shown. */
  refused?: (problem: Problem) => boolean | Promise<boolean>
}

export interface FieldOptions {
  onChange?: (event: ChangeEvent<HTMLInputElement>) => void
}

/**
 * One form: checked when it is sent, sent as JSON, the server's errors put on the fields they belong to and the first
 * one focused. The browser keeps what is typed, so what was typed or filled in before hydration stays.
 */
export function useAuthForm(left: FormMessage | null) {
  const inputs = useRef(new Map<string, HTMLInputElement>())
  const check = useRef<FormCheck | null>(null)
  const [mistakes, setMistakes] = useState<Mistakes>({})
  const [message, setMessage] = useState(left)
  const [working, setWorking] = useState<string | null>(null)

  async function loadCheck() {
    const loaded = await import('./form-check.ts').catch(() => null)
    if (loaded) check.current ??= loaded.createFormCheck(setMistakes)
  }

  /** Without the check (it did not load) the server's answer is the only one, as without JavaScript. */
  async function checkedInput(target: Checked) {
    await loadCheck()
    if (check.current) return check.current.run(target, inputs.current)
    const typed = Object.fromEntries([...inputs.current].map(([name, input]) => [name, typedInto(input)]))
    return target.pick?.(typed) ?? typed
  }

  function show(problem: Problem, blamed?: string) {
    const all = problem.errors ?? (blamed ? [{ field: blamed, code: problem.code, message: problem.detail }] : [])
    const shown = check.current ? all.filter(({ field }) => inputs.current.has(field)) : []
    check.current?.refused(shown)
    const allShown = shown.length > 0 && shown.length === all.length
    setMessage(allShown ? null : failure(problem))
  }

  async function send<Value>(target: Target<Value>) {
    setWorking(target.path)
    const input = await checkedInput(target)
    if (input) {
      const answer = await post<Value>(target.path, input)
      if (answer.ok) await target.done(answer.value)
      else if (!(await target.refused?.(answer.problem))) show(answer.problem, blamed(target, answer.problem))
    }
    setWorking(null)
  }

  return {
    message,
    setMessage,
    /** The path being sent to, or null. */
    working,
    /** What is typed right now; nothing, for a box that is not ticked. */
    typed: (name: string) => String(typedInto(inputs.current.get(name)) || ''),
    /** Props of a `<form>` that goes to the target, with JavaScript or without. */
    to: <Value>(target: Target<Value>) => ({
      method: 'post' as const,
      action: target.path,
      // The browser's own checks serve until this code runs; from then on ours say it better, and beside the field.
      ref: (element: HTMLFormElement | null) => element?.setAttribute('novalidate', ''),
      onFocus: () => void loadCheck(),
      onSubmit: (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        if (working !== null) return
        if (message?.errors) setMessage(null)
        void send(target)
      },
    }),
    /** Props of the input with this name. */
    field: (name: string, { onChange }: FieldOptions = {}) => ({
      name,
      ref: (input: HTMLInputElement | null) => {
        if (input) inputs.current.set(name, input)
        else inputs.current.delete(name)
      },
      onChange: (event: ChangeEvent<HTMLInputElement>) => {
        check.current?.changed(event)
        onChange?.(event)
      },
      error: mistakes[name] ?? errorLeft(message, name),
    }),
  }
}

const typedInto = (input: HTMLInputElement | undefined) => (input?.type === 'checkbox' ? input.checked : input?.value)

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
