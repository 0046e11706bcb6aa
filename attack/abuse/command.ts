import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { endWithUs } from '../../test/end-with-us.ts'

export interface Finished {
  output: string
  /** It was still at it when its time was over, and was ended. */
  cut: boolean
}

/** Runs a command for at most so long. Only this process is ended, by its id. */
export async function runCommand(command: string, options: string[], withinMs: number): Promise<Finished> {
  const child = spawn(command, options, { stdio: ['ignore', 'pipe', 'pipe'] })
  endWithUs(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  let cut = false
  const timer = setTimeout(() => {
    cut = true
    child.kill('SIGKILL')
  }, withinMs)
  await once(child, 'close')
  clearTimeout(timer)
  return { output, cut }
}
