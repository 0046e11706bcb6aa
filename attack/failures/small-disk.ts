import { mkdtempSync, rmdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must, NotTried, system } from './case.ts'

/** A folder on a file system of its own with room for so many bytes, gone when the work is done. Only root may mount one. */
export async function onSmallDisk(bytes: number, work: (folder: string) => Promise<string>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-full-'))
  try {
    system('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder)
  } catch {
    rmdirSync(folder)
    throw new NotTried('only root may mount a small file system')
  }
  const unmount = () => {
    // Lazily: when a signal ends this script, the app may be in there yet.
    system('umount', '--lazy', folder)
    rmdirSync(folder)
  }
  process.once('exit', unmount)
  try {
    return await work(folder)
  } finally {
    process.off('exit', unmount)
    unmount()
  }
}

/** Writes until there is no room for one more byte. */
export function fillDisk(file: string): void {
  for (const size of [65_536, 4_096, 1]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' })
    } catch (error) {
      must((error as NodeJS.ErrnoException).code === 'ENOSPC', String(error))
    }
  }
}
