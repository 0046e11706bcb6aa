import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { appProcess } from '../crash/app-process.ts'
import { eventually, type FailureCase, limitProcess, must, signUp } from './case.ts'

const ROOM = 20
const CONNECTIONS = 200

const descriptors: FailureCase = {
  name: 'out of file descriptors',
  async run() {
    const app = await appProcess({ MAIL_URL: 'mailbox:' })
    const sockets: Socket[] = []
    try {
      await app.start().ready
      const open = readdirSync(`/proc/${app.pid()}/fd`).length
      limitProcess(app.pid(), `nofile=${open + ROOM}`)
      const { port } = new URL(app.origin)
      for (let count = 0; count < CONNECTIONS; count += 1)
        sockets.push(connect(Number(port), '127.0.0.1').on('error', () => undefined))
      await wait(2_000)
      const used = readdirSync(`/proc/${app.pid()}/fd`).length
      must(used >= open + ROOM - 2, `Only ${used} of ${open + ROOM} were in use: the failure did not reach the app.`)
      for (const socket of sockets) socket.destroy()
      const healthy = async () => (await fetch(`${app.origin}/health`).catch(() => null))?.ok === true
      await eventually(healthy, 10_000, 'It did not recover')
      must((await signUp(app.origin)).status === 202, 'A sign-up does not work afterwards.')
      return `${CONNECTIONS} connections against ${ROOM} left; well again when they had gone`
    } finally {
      for (const socket of sockets) socket.destroy()
      await app.end()
    }
  },
}

export const MACHINE_FAILURES = [descriptors]
