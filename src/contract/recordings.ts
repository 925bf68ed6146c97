import { z } from 'zod'

/*
 * What the window and the main process say to each other about recordings. Main asks for files:
 * that of a new recording it hands to the observer itself, so that the window never names a file
 * that is written.
 */

export const recordingRequest = z.discriminatedUnion('op', [
  /** Asks the user for a recording to open. */
  z.strictObject({ op: z.literal('open') }),
  /** Asks the user for a file, and records the target into it. `name` is proposed. */
  z.strictObject({
    op: z.literal('record'),
    name: z
      .string()
      .max(120)
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_.@-]*\.rvrec$/, 'expected NAME.rvrec')
  })
])
export type RecordingRequest = z.infer<typeof recordingRequest>

export const recordingReply = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('cancelled') }),
  /** The file that the user chose. */
  z.strictObject({ type: z.literal('chosen'), path: z.string() }),
  /** The observer has been told; it says itself what becomes of it. */
  z.strictObject({ type: z.literal('recording') }),
  z.strictObject({ type: z.literal('failed'), message: z.string() })
])
export type RecordingReply = z.infer<typeof recordingReply>
