/**
 * Next runs this first in the browser. What it starts with, React DOM and its own router, is one task of 150 to 200 ms on a
 * slow phone, in which no touch is answered. Here are two of it (docs/decisions/0064-the-framework-starts-in-two-tasks.md):
 * React DOM now, and the rest after a pause.
 */
import 'react-dom/client'

/** What `next/script` puts before the start (`beforeInteractive`). For an entry without an address Next waits by a timer. */
const beforeStart = globalThis as { __next_s?: [src: 0, props: { children: string }][] }
beforeStart.__next_s ??= []
beforeStart.__next_s.push([0, { children: '' }])
