/** Texts of the window that are there for those who do not see it, or use no pointer. */
export const a11yTexts = {
  skip: 'Skip to the main view',
  /** Heading of the editor. */
  editor: (model: string) => `Model ${model}`,
  /** What a box of the drawing is, said after its name. */
  state: 'state',
  instrumentation: 'Tracepoints of the instrumentation',
  notExpectedIn: (state: string) => `not expected in ${state}`,
  /** Said once, however many there were since the last sentence. */
  violations: (count: number, newest: string) =>
    count === 1 ? `Violation: ${newest}` : `${String(count)} violations, the newest: ${newest}`,
  violation: (monitor: string, event: string, state: string) =>
    `${monitor}: ${event} not expected in ${state}`,
  violationLtl: (monitor: string) => `${monitor}: the formula is violated`,
  /** The drawing as a table. */
  table: {
    caption: (monitor: string) => `States and transitions of ${monitor}`,
    state: 'State',
    kind: 'Kind',
    instances: 'Instances',
    transitions: 'Transitions from here',
    initial: 'initial',
    final: 'final',
    invariant: (text: string) => `invariant ${text}`,
    transition: (event: string, to: string, guard: string, count: string) =>
      `${event}${guard === '' ? '' : ` if ${guard}`} to ${to}${count === '' ? '' : `, ${count} times`}`,
    refused: (event: string, count: string) => `${event} is not expected, ${count} times`,
    none: 'none'
  }
} as const
