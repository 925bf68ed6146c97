import type { ChosenWay, Watching, Way } from '../contract/watch'

const rate = (hz: number): string => `${hz < 1 ? hz.toFixed(1) : String(Math.round(hz))} Hz`

/** English texts of the ways to watch a monitor. */
export const watchTexts = {
  /** The badge. */
  badge: ({ way, hz, raw }: Watching): string => {
    if (way === 'stream') return raw ? 'streamed raw' : 'streamed'
    return way === 'sample' ? `sampled ${rate(hz)}` : `counted ${rate(hz)}`
  },
  byPanel: 'chosen by its rate',
  /** What the badge means. */
  help: {
    stream: 'Every event of the monitor is streamed to the panel.',
    sample:
      'The kernel keeps the latest event of each instance, and the panel reads it: states between two reads are not seen, and transitions of edges are not counted. Violations are streamed.',
    count:
      'The kernel counts the transitions by CPU, state and event, and the panel reads the counts: which state an instance is in is not known. Violations are streamed.'
  } satisfies Record<Way, string>,
  raw: 'They come as raw pages of the kernel’s rings, which the panel prints.',
  /** Why the panel did not stream. */
  reason: ({ rate: events, losing }: Watching): string =>
    losing
      ? `At ${events.toLocaleString('en')} events/s the ring of its events overran.`
      : `Its rate was ${events.toLocaleString('en')} events/s.`,
  label: (monitor: string) => `How ${monitor} is watched`,
  choices: {
    auto: 'By its rate',
    stream: 'Stream every event',
    sample: 'Sample the latest states',
    count: 'Count transitions'
  } satisfies Record<ChosenWay, string>,
  command: {
    auto: 'Watch the monitor by its rate',
    stream: 'Watch the monitor: stream every event',
    sample: 'Watch the monitor: sample the latest states',
    count: 'Watch the monitor: count transitions'
  } satisfies Record<ChosenWay, string>,
  words: 'trace hist trigger rate throughput',
  ofContainer: 'A container has no events: choose one of its monitors.',
  /** In place of “unknown since events were lost”. */
  counted: (n: string) => `${n} not known: transitions are counted`,
  countedState: 'not known: transitions are counted',
  unknownState: 'unknown'
}
