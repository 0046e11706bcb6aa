import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { appProcess } from '../crash/app-process.ts'
import { Inbox } from '../crash/letters.ts'
import { resendOffice } from '../crash/post-offices.ts'
import { eventually, type FailureCase, limitProcess, must, signUp } from './case.ts'

const ROOM = 20
const CONNECTIONS = 200

const descriptors: FailureCase = {
  name: 'out of file descriptors',
  async run() {
    const inbox = new Inbox()
    const office = await resendOffice(inbox)
    const app = await appProcess(office.settings)
    const sockets: Socket[] = []
    const failures = () => app.log().split('A mail did not go').length - 1
    try {
      await app.start().ready
      // No connection is left open to the provider: the next try needs one, and there will be none.
      office.state.mode = 'close'
      const owed = await signUp(app.origin)
      await eventually(() => failures() === 1, 10_000, 'The mail was not tried')
      office.state.mode = 'ok'
      const open = readdirSync(`/proc/${app.pid()}/fd`).length
      limitProcess(app.pid(), `nofile=${open + ROOM}`)
      const { port } = new URL(app.origin)
      for (let count = 0; count < CONNECTIONS; count += 1)
        sockets.push(connect(Number(port), '127.0.0.1').on('error', () => undefined))
      await eventually(() => failures() === 2, 20_000, 'The log says nothing of it')
      const used = readdirSync(`/proc/${app.pid()}/fd`).length
      must(used >= open + ROOM - 2, `Only ${used} of ${open + ROOM} were in use: the failure did not reach the app.`)
      for (const socket of sockets) socket.destroy()
      const healthy = async () => (await fetch(`${app.origin}/health`).catch(() => null))?.ok === true
      await eventually(healthy, 10_000, 'It did not recover')
      must((await signUp(app.origin)).status === 202, 'A sign-up does not work afterwards.')
      await eventually(() => inbox.of(owed.email, 'verify').length === 1, 60_000, 'Mail was lost')
      return `${CONNECTIONS} connections against ${ROOM} left; well again when they had gone, the mail owed went`
    } finally {
      for (const socket of sockets) socket.destroy()
      await app.end()
      await office.close()
    }
  },
}

export const MACHINE_FAILURES = [descriptors]
