import { POST as changePassword } from '../app/auth/password/change/route.ts'
import { POST as resetRequest } from '../app/auth/password/reset/request/route.ts'
import { POST as reset } from '../app/auth/password/reset/route.ts'
import { GET as session } from '../app/auth/session/route.ts'
import { POST as endSessions } from '../app/auth/sessions/end/route.ts'
import { GET as sessions } from '../app/auth/sessions/route.ts'
import { POST as signinRequest } from '../app/auth/signin/request/route.ts'
import { POST as signin } from '../app/auth/signin/route.ts'
import { POST as signout } from '../app/auth/signout/route.ts'
import { POST as signup } from '../app/auth/signup/route.ts'
import { POST as preview } from '../app/auth/verify/preview/route.ts'
import { POST as reject } from '../app/auth/verify/reject/route.ts'
import { POST as verifyRequest } from '../app/auth/verify/request/route.ts'
import { POST as verify } from '../app/auth/verify/route.ts'
import { GET as health } from '../app/health/route.ts'
import { DELETE as emptyMailbox, GET as mailbox } from '../app/mailbox/messages/route.ts'

/** Every route of the API by its short name. */
export const routes = {
  signup,
  verifyRequest,
  preview,
  verify,
  reject,
  signin,
  signinRequest,
  signout,
  session,
  sessions,
  endSessions,
  resetRequest,
  reset,
  changePassword,
  health,
  mailbox,
  emptyMailbox,
}
