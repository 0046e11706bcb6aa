'use client'
import { useEffect, useEffectEvent, useRef } from 'react'
import type { FieldOptions } from '../use-auth-form.ts'
import { Field, type FieldProps } from './field.tsx'

interface CodeInputProps {
  digits: number
  field: (name: string, options?: FieldOptions) => Omit<FieldProps, 'label'>
  label: string
  hint?: string
  /** Sends its form as soon as all digits are there, also when they were before the page came to life. */
  sendsItself?: boolean
}

/** One field for the whole code, so that paste and the keyboard's own suggestion work. "123 456" is fine. */
export function CodeInput({ digits, field, sendsItself = false, ...texts }: CodeInputProps) {
  const sent = useRef('')
  const sendWhenComplete = (input: HTMLInputElement) => {
    const code = digitsOf(input.value)
    // A space typed after the last digit must not cost a second try.
    if (!sendsItself || code.length !== digits || code === sent.current) return
    sent.current = code
    input.form?.requestSubmit()
  }
  const sendWhatCameEarly = useEffectEvent(() => {
    const input = document.getElementById('token')
    if (input instanceof HTMLInputElement && !isLoadedAgain()) sendWhenComplete(input)
  })
  useEffect(() => sendWhatCameEarly(), [])
  return (
    <Field
      {...field('token', { onChange: ({ target }) => sendWhenComplete(target) })}
      {...texts}
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern={`\\s*(\\d[\\s\\-]*){${digits}}`}
      title={`${digits} digits`}
      required
      spellCheck={false}
      className="text-center indent-[0.3em] font-mono text-2xl tracking-[0.3em] tabular-nums"
    />
  )
}

/** A browser may have put back what was typed before, which was sent then. */
function isLoadedAgain(): boolean {
  const [load] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return load?.type !== 'navigate'
}

const digitsOf = (typed: string) => typed.normalize('NFKC').replace(/\D/gu, '')
