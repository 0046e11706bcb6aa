'use client'
import { useState } from 'react'
import { Field, type FieldProps } from './field.tsx'

/** A password that can be looked at. Paste is welcome; so are password managers. */
export function PasswordField(field: FieldProps & { autoComplete: 'current-password' | 'new-password' }) {
  const [shown, setShown] = useState(false)
  return (
    <Field
      {...field}
      type={shown ? 'text' : 'password'}
      className="pr-20"
      required
      spellCheck={false}
      autoCapitalize="none"
      autoCorrect="off"
      end={
        <button
          type="button"
          onClick={() => setShown(!shown)}
          aria-controls={field.id ?? field.name}
          className="absolute inset-y-1 right-1 cursor-pointer rounded-lg px-3.5 font-medium text-accent text-base hover:bg-tint noscript:hidden"
        >
          {shown ? 'Hide' : 'Show'}
          {/* By its label: there may be two of them. */}
          <span className="sr-only"> {field.label.toLowerCase()}</span>
        </button>
      }
    />
  )
}
