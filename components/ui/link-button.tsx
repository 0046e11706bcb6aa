import type { ComponentProps } from 'react'

/** A button that reads like a link: an act beside the main one. */
export function LinkButton(button: ComponentProps<'button'>) {
  return (
    <button
      {...button}
      className="-mx-1 inline-flex min-h-8 cursor-pointer items-center rounded px-1 font-medium text-accent underline decoration-1 underline-offset-[0.2em] hover:text-accent-hover hover:decoration-2 aria-disabled:cursor-default aria-disabled:text-soft aria-disabled:no-underline"
    />
  )
}
