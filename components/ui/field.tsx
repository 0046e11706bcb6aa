import type { ComponentProps, ReactNode } from 'react'

export interface FieldProps extends ComponentProps<'input'> {
  label: string
  name: string
  /** Said before a mistake is made, under the label. */
  hint?: ReactNode
  error?: string | undefined
  /** Something at the right end, inside the edge. */
  end?: ReactNode
}

const INPUT =
  'block h-12 w-full min-w-0 rounded-xl border border-field-edge bg-field px-3.5 text-ink placeholder:text-soft hover:border-accent aria-invalid:border-danger aria-invalid:border-2 read-only:bg-page'

/** A label, an input, and the mistake under it: announced when it comes, and read with the field afterwards. */
export function Field({ label, hint, error, end, className = '', ...input }: FieldProps) {
  const id = input.id ?? input.name
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="-mt-1 mb-2 text-base text-soft">
          {hint}
        </p>
      )}
      <div className="relative">
        <input
          {...input}
          id={id}
          className={`${INPUT} ${className}`}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
        />
        {end}
      </div>
      <p id={`${id}-error`} aria-live="polite" className="text-base text-danger not-empty:mt-1.5">
        {error}
      </p>
    </div>
  )
}

export function Checkbox({ label, ...input }: ComponentProps<'input'> & { label: string; name: string }) {
  const id = input.id ?? input.name
  return (
    <label htmlFor={id} className="flex min-h-8 w-fit cursor-pointer items-center gap-3">
      <input {...input} id={id} type="checkbox" className="size-5 shrink-0 cursor-pointer accent-accent" />
      {label}
    </label>
  )
}
