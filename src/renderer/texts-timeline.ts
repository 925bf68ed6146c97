/** English texts of the timeline and of looking back in time. */
export const timelineTexts = {
  moment: {
    bar: 'A moment in the past is shown',
    showing: (time: string) => `Showing ${time} s`,
    ago: (span: string) => `${span} ago`,
    loading: 'Looking it up …',
    live: 'Back to live',
    notKept: (time: string) =>
      `This moment is no longer kept: of this monitor everything since ${time} s is.`,
    unsure: (n: number) =>
      n === 1
        ? 'Events of 1 instance were lost, or only counted, before this moment: its state is the last one that was seen.'
        : `Events of ${n} instances were lost, or only counted, before this moment: their states are the last ones that were seen.`,
    goes: 'The target goes on, and everything is still recorded.'
  },
  pane: {
    timeline: 'Timeline',
    help: 'Arrow keys move, plus and minus zoom, comma and full stop go from change to change, N to the next violation, M sets a cursor, L is back to live.',
    summary: (monitor: string, lanes: number, from: string, to: string) =>
      `Timeline of ${monitor}: ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}, from ${from} s to ${to} s.`,
    atMoment: (time: string) => `The moment at ${time} s is shown.`,
    focus: (name: string, state: string) => `${name} is in ${state}.`,
    live: 'Live',
    still: 'Stands still',
    liveHelp: 'The timeline follows the target',
    stillHelp: 'Follow the target again',
    now: 'now',
    lost: 'not known',
    notKept: 'no longer kept',
    fit: 'Show all that is kept',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    previousViolation: 'Previous violation',
    nextViolation: 'Next violation',
    noViolation: (direction: 1 | -1, monitor: string) =>
      direction > 0
        ? `No later violation of ${monitor} is kept.`
        : `No earlier violation of ${monitor} is kept.`,
    overview: 'All of the time that is kept; drag to move',
    kept: (from: string) => `Everything since ${from} s is kept.`
  },
  tip: {
    since: 'since',
    for: 'for',
    event: 'by',
    notMonitoring: 'not monitoring',
    lost: 'not known: events were lost, or only counted',
    changes: (n: string) => `${n} changes within this pixel`,
    violation: (n: number) => `violation ${n}`
  },
  measure: {
    title: 'Measurement',
    between: 'A to B',
    set: 'Set B with M or Shift and drag',
    changes: (n: string) => `${n} changes of state`,
    about: 'Times of states are rounded to pixels',
    clear: 'Remove the cursors',
    measuring: 'Measuring …',
    noLane: 'Choose a lane to see its states'
  },
  commands: {
    live: 'Back to live',
    panLeft: 'Timeline: earlier',
    panRight: 'Timeline: later',
    zoomIn: 'Timeline: zoom in',
    zoomOut: 'Timeline: zoom out',
    fit: 'Timeline: show all that is kept',
    start: 'Timeline: to the oldest that is kept',
    end: 'Timeline: to the newest',
    previousChange: 'Previous change of the lane in focus',
    nextChange: 'Next change of the lane in focus',
    previousViolation: 'Previous violation of this monitor',
    nextViolation: 'Next violation of this monitor',
    cursor: 'Set a cursor to measure',
    clear: 'Remove the cursors of the measurement'
  }
} as const
