import { z } from 'zod'

/** How the story of a kiosk is told. */
export const kioskSettings = z.strictObject({
  /** It begins anew after so long without a touch, seconds. */
  idleSeconds: z.int().min(5).max(3600),
  /** How fast it tells itself: 2 is twice as fast. */
  speed: z.number().min(0.1).max(100)
})
export type KioskSettings = z.infer<typeof kioskSettings>

export const defaultKiosk: KioskSettings = { idleSeconds: 60, speed: 1 }
