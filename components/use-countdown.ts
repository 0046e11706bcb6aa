'use client'
import { useEffect, useState } from 'react'

/** Whole seconds left of this wait; a new object starts again. Measured, not counted: a sleeping tab misses ticks. */
export function useCountdown(wait: { seconds: number }): number {
  const [left, setLeft] = useState(wait.seconds)
  useEffect(() => {
    const end = performance.now() + wait.seconds * 1000
    const tick = () => setLeft(Math.max(0, Math.ceil((end - performance.now()) / 1000)))
    tick()
    const timer = setInterval(tick, 1000)
    return () => clearInterval(timer)
  }, [wait])
  return Math.max(0, left)
}
