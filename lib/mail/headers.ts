/**
 * Headers every letter carries besides the usual ones. The first two keep holiday notices from answering it (RFC 3834, and
 * Exchange's own); the last keeps Gmail from folding a new code into the conversation of an old one.
 */
export const letterHeaders = (mailId: string) => ({
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'All',
  'X-Entity-Ref-ID': mailId,
})
