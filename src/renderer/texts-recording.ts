/** English texts about recordings. */
export const recordingTexts = {
  kind: 'recording',
  badge: 'Recording · read-only',
  readOnly: 'A recording cannot be changed.',
  open: 'Open recording…',
  record: 'Record the target…',
  recordAlways: 'Record the target, or stop recording',
  recordShort: 'Record',
  recordHelp:
    'Write everything that arrives from the target into a file, from now on (Ctrl+Shift+E)',
  stop: 'Stop recording',
  stopHelp: (file: string) => `Recording into ${file}; press to stop (Ctrl+Shift+E)`,
  running: (time: string, size: string) => `${time} · ${size}`,
  drop: 'Drop a trace or a recording to open it',
  dropNone: 'What was dropped is no file.',
  derived: 'derived by the panel’s engine from recorded tracepoints',
  derivedChip: 'derived',
  derivedText:
    'The kernel’s own monitors are not in this recording: states and violations are derived by the panel’s engine from recorded tracepoints. A trace does not tell CONFIG_HZ; a jiffy is taken as 1 ms.',
  notDerived: (n: number) =>
    n === 1 ? '1 monitor cannot be derived' : `${n} monitors cannot be derived`,
  missing: (monitor: string, tracepoints: string) => `${monitor}: no records of ${tracepoints}`,
  noTracepoints: (monitor: string) => `${monitor}: its tracepoints are not known`,
  failed: 'The program did not answer as expected.'
}
