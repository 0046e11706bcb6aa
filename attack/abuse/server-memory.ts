import { readdirSync, readFileSync } from 'node:fs'

const read = (file: string) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** MiB that the server started by this process holds, as Linux counts it (VmRSS); null elsewhere. */
export function serverMemory(): number | null {
  const children = readdirSync('/proc/self/task').flatMap((thread) =>
    read(`/proc/self/task/${thread}/children`).split(' ').filter(Boolean),
  )
  const server = children.find((pid) => read(`/proc/${pid}/cmdline`).includes('server.ts'))
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/mu.exec(read(`/proc/${server}/status`)) ?? []
  return kibibytes === undefined ? null : Math.round(Number(kibibytes) / 1024)
}
