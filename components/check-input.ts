/** zod with the schemas: half of a form's code, so it is asked for at the first touch of a form and not before. */
import { zodResolver } from '@hookform/resolvers/zod'
import type { FieldValues, ResolverOptions } from 'react-hook-form'
import {
  changePasswordInput,
  endSessionsInput,
  rejectInput,
  requestResetInput,
  requestSigninInput,
  requestVerificationInput,
  resetInput,
  signinInput,
  signupInput,
  verifyInput,
} from '#lib/schemas'

const SCHEMAS = {
  signup: signupInput,
  verify: verifyInput,
  reject: rejectInput,
  signin: signinInput,
  requestVerification: requestVerificationInput,
  requestSignin: requestSigninInput,
  requestReset: requestResetInput,
  reset: resetInput,
  changePassword: changePasswordInput,
  endSessions: endSessionsInput,
}
export type InputName = keyof typeof SCHEMAS

export function checkInput(name: InputName, typed: FieldValues, options: ResolverOptions<FieldValues>) {
  return zodResolver(SCHEMAS[name])(typed as never, undefined, options as never)
}
