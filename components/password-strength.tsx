'use client'
import { useEffect, useState } from 'react'
import type { Strength } from './estimate-strength.ts'

const PAUSE_MS = 250

/** A hint, never a rule: the server alone refuses. Its place is kept free, so that it does not push the button down. */
export function PasswordStrength({
  password,
  minLength,
  email,
}: {
  password: string
  minLength: number
  email: string
}) {
  const strength = useStrength(password, email)
  const missing = minLength - [...password].length
  const word = password === '' ? '' : missing > 0 ? `${missing} more to go` : (strength?.word ?? '')
  const level = missing > 0 || password === '' ? 0 : (strength?.level ?? 0)
  return (
    <div className="mt-2 flex h-6 items-center gap-3 text-soft text-base noscript:hidden">
      <span className={`flex gap-1 ${password === '' ? 'invisible' : ''}`} aria-hidden="true">
        {[1, 2, 3, 4].map((step) => (
          <span
            key={step}
            className={`h-1.5 w-3 rounded-full min-[26rem]:w-6 border ${step <= level ? COLOURS[level] : 'border-field-edge'}`}
          />
        ))}
      </span>
      <span role="status" className="whitespace-nowrap">
        {word}
      </span>
    </div>
  )
}

const COLOURS = [
  '',
  'border-danger bg-danger',
  'border-soft bg-soft',
  'border-accent bg-accent',
  'border-accent bg-accent',
]

function useStrength(password: string, email: string): Strength | undefined {
  const [strength, setStrength] = useState<Strength>()
  useEffect(() => {
    if (password === '') return
    let stale = false
    const timer = setTimeout(async () => {
      try {
        const { estimateStrength } = await import('./estimate-strength.ts')
        if (!stale) setStrength(estimateStrength(password, email ? [email, ...email.split(/\W+/u)] : []))
      } catch {
        // The lists did not load. It is a hint; the form works without it.
      }
    }, PAUSE_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [password, email])
  return strength
}
