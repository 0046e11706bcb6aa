/** The mark: an arch with its door ajar. Decoration; the site's name stands beside it. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-9 shrink-0" aria-hidden="true">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <path
        d="M8 26V15a8 8 0 0 1 16 0v11"
        fill="none"
        strokeWidth="2.4"
        strokeLinecap="round"
        className="stroke-on-accent"
      />
      <path d="M13 26V16.2a3 3 0 0 1 2.2-2.9l3.8-1V26z" className="fill-on-accent" />
    </svg>
  )
}
