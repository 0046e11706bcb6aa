import type { ReactNode } from 'react'

interface CardProps {
  title: string
  /** What this screen is for, in a sentence or two. */
  lead?: ReactNode
  /** It took another card's place without a load: its heading is focused, so that a screen reader starts there. */
  arrives?: boolean
  children: ReactNode
}

/** The card of a screen, with the page's one heading. */
export function Card({ title, lead, arrives = false, children }: CardProps) {
  return (
    <section className="rounded-2xl border border-edge bg-card p-5 shadow-card min-[26rem]:p-8">
      <h1
        {...(arrives && { tabIndex: -1, ref: focus })}
        className="text-balance break-words font-semibold text-[1.625rem] leading-tight tracking-tight outline-none"
      >
        {title}
      </h1>
      {lead && <div className="mt-2 text-pretty text-soft">{lead}</div>}
      <div className="mt-6 space-y-6">{children}</div>
    </section>
  )
}

const focus = (heading: HTMLHeadingElement | null) => heading?.focus()

/** A quiet line between the act of a card and the other ways on. */
export function Ways({ children }: { children: ReactNode }) {
  return <div className="space-y-2 border-edge border-t pt-5 text-base text-soft">{children}</div>
}
