import type { ComponentProps, ReactNode } from 'react'

const SHAPE =
  'relative inline-flex min-h-12 w-full cursor-pointer items-center justify-center gap-2 rounded-xl border px-5 py-2.5 text-center font-semibold transition-colors'
const TONES = {
  primary: 'border-transparent bg-accent text-on-accent hover:bg-accent-hover',
  quiet: 'border-field-edge bg-transparent text-ink hover:border-accent hover:bg-tint',
  danger: 'border-field-edge bg-transparent text-danger hover:border-danger hover:bg-danger-tint',
}
type Tone = keyof typeof TONES

interface SubmitButtonProps extends ComponentProps<'button'> {
  tone?: Tone
  working?: boolean
  children: ReactNode
}

/** Says the act, and shows that it works. It stays focusable then: a disabled button would lose the keyboard's place. */
export function SubmitButton({ tone = 'primary', working = false, children, ...button }: SubmitButtonProps) {
  return (
    <button type="submit" className={`${SHAPE} ${TONES[tone]}`} aria-disabled={working} aria-busy={working} {...button}>
      <span className={working ? 'opacity-60' : ''}>{children}</span>
      {working && <Spinner />}
      <span className="sr-only" aria-live="polite">
        {working ? 'Working…' : ''}
      </span>
    </button>
  )
}

/** A link that is the next act of a screen. */
export function ButtonLink({ tone = 'primary', href, children }: { tone?: Tone; href: string; children: ReactNode }) {
  return (
    <a href={href} className={`${SHAPE} ${TONES[tone]}`}>
      {children}
    </a>
  )
}

/** Placed over the edge, so that the label does not move. */
function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="absolute right-4 size-5 animate-spin rounded-full border-2 border-current border-r-transparent motion-reduce:animate-pulse"
    />
  )
}
