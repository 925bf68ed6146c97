import { z } from 'zod'

/**
 * How a monitor's events come to the panel. `stream`: every one. `sample`: the kernel keeps the
 * latest event of each instance, which is read at a fixed rate. `count`: the kernel counts
 * transitions by CPU, state and event, and the counts are read at a fixed rate; which state an
 * instance is in is then not known. Violations are streamed in each of them.
 */
export const way = z.enum(['stream', 'sample', 'count'])
export type Way = z.infer<typeof way>

/** What the user may choose: a way, or to have the panel choose one by the measured rate. */
export const chosenWay = z.enum(['auto', ...way.options])
export type ChosenWay = z.infer<typeof chosenWay>

/** How a monitor is watched now, where that is not `stream` as text, or was chosen by hand. */
export const watching = z.strictObject({
  monitor: z.int().min(0),
  way,
  chosen: chosenWay,
  /** The events are streamed as raw pages of the kernel's rings, not as text. */
  raw: z.boolean(),
  /** How often the states or counts are read, Hz; 0 where events are streamed. */
  hz: z.number().min(0),
  /** Events a second when the way was chosen, where the panel chose it; 0: the user did. */
  rate: z.number().min(0),
  /** The panel chose it since the ring of the events overran. */
  losing: z.boolean()
})
export type Watching = z.infer<typeof watching>
