/** Where a new email is asked for, by what it is for; the screen that waits for it; and the one where a wrong address is mended. */
export const DOORS = {
  verify: {
    path: '/auth/verify/request',
    input: 'requestVerification',
    screen: '/verify',
    wrongAddress: '/signup?edit=1',
  },
  'sign-in': {
    path: '/auth/signin/request',
    input: 'requestSignin',
    screen: '/verify',
    wrongAddress: '/signin?edit=1',
  },
  reset: {
    path: '/auth/password/reset/request',
    input: 'requestReset',
    screen: '/reset/new',
    wrongAddress: '/reset?edit=1',
  },
} as const
