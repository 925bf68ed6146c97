import { z } from 'zod'
import { historyResult } from './history'
import { targetSpec } from './requests'
import { violation } from './violation'

export * from './violation'

/*
 * What the observer tells a window. Two shapes carry live state: a snapshot and
 * batches after it, numbered without holes. A batch holds whole values, never
 * increments, so that applying it is idempotent.
 */

const u32 = z.instanceof(Uint32Array)
const i32 = z.instanceof(Int32Array)
const i16 = z.instanceof(Int16Array)
const f64 = z.instanceof(Float64Array)
const u8 = z.instanceof(Uint8Array)

export const monitorType = z.enum(['global', 'per_cpu', 'per_task', 'per_obj', 'unknown'])
export const monitorClass = z.enum(['da', 'ha', 'ltl', 'container', 'unknown'])

/** A monitor of the target. Its position in the list is its index everywhere else; the list only grows while connected. */
export const monitorInfo = z.strictObject({
  /** Name without container. */
  name: z.string(),
  /** `parent:child`, or the name; unique. */
  fullName: z.string(),
  parent: z.string().nullable(),
  class: monitorClass,
  type: monitorType,
  description: z.string(),
  enabled: z.boolean(),
  /** Null where the kernel has no reactors. */
  reactor: z.string().nullable(),
  /**
   * Text of the model that the panel knows for it, DOT or, of class ltl, of the LTL dialect; null:
   * states are then learned from its events.
   */
  model: z.string().nullable(),
  /** Text of the instrumentation beside that model: YAML as models/README.md describes it. */
  instrumentation: z.string().nullable(),
  /** Module parameters that the model's invariants name, as the target has them now; absent: none is known. */
  values: z.array(z.strictObject({ name: z.string(), value: z.number() })).optional()
})
export type MonitorInfo = z.infer<typeof monitorInfo>

/** What a recording is, where the target is one. */
export const recordingFacts = z.strictObject({
  /** As the user knows the file. */
  file: z.string(),
  /** `trace`: text of trace or trace_pipe; `panel`: the panel's own. */
  format: z.enum(['trace', 'panel']),
  /** The monitors' states and violations are the panel's engine's, from recorded tracepoints: the kernel's own monitors are not in it. */
  derived: z.boolean(),
  /** Monitors that could not be derived, and the tracepoints that would have to be recorded for them. */
  notDerived: z.array(z.strictObject({ monitor: z.string(), missing: z.array(z.string()) })),
  /** What is wrong with the file's end, one sentence; null: nothing. */
  problem: z.string().nullable()
})
export type RecordingFacts = z.infer<typeof recordingFacts>

/** A recording of the target that is being written, or the last one. */
export const recorderStatus = z.strictObject({
  file: z.string(),
  recording: z.boolean(),
  /** Bytes written. */
  bytes: z.number(),
  /** Since it began, ms; counts no further once it has ended. */
  elapsed: z.number(),
  /** Why it ended by itself, one sentence; empty: it did not. */
  message: z.string()
})
export type RecorderStatus = z.infer<typeof recorderStatus>

export const targetStatus = z.strictObject({
  phase: z.enum(['none', 'connecting', 'authenticating', 'connected', 'lost', 'panicked']),
  kind: z.enum(['sim', 'local', 'ssh', 'serial', 'cmd', 'recording']).nullable(),
  name: z.string(),
  release: z.string(),
  cpus: z.int(),
  tracefs: z.string(),
  /** One sentence: progress, or why the target is not connected. */
  message: z.string(),
  /** Counts connections of this observer, so that a window knows old from new. */
  generation: z.int(),
  /** Jiffies per second (CONFIG_HZ), where the target has shown it; absent: not known. */
  hz: z.int().min(1).optional(),
  /** Where the target is a recording: nothing of it can be changed. */
  recording: recordingFacts.optional(),
  /** What was asked for, by the window or the command line, connected or not; absent: nothing. */
  spec: targetSpec.optional()
})
export type TargetStatus = z.infer<typeof targetStatus>

export const switches = z.strictObject({
  monitoringOn: z.boolean(),
  /** Null where the kernel has no reactors. */
  reactingOn: z.boolean().nullable(),
  /** Null where the kernel has no reactors. */
  reactors: z.array(z.string()).nullable(),
  /** Violations are recorded with the kernel's stack, which the panel asked for. */
  stacks: z.boolean()
})
export type Switches = z.infer<typeof switches>

/** Something that the user did to a target. */
export const change = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('enable'), monitor: z.string(), on: z.boolean() }),
  z.strictObject({ op: z.literal('setReactor'), monitor: z.string(), reactor: z.string() }),
  z.strictObject({
    op: z.literal('switch'),
    which: z.enum(['monitoring_on', 'reacting_on']),
    on: z.boolean()
  }),
  z.strictObject({ op: z.literal('stacks'), on: z.boolean() })
])
export type Change = z.infer<typeof change>

/** What undo would take back and redo would do again; null: nothing. */
export const undoable = z.strictObject({ undo: change.nullable(), redo: change.nullable() })
export type Undoable = z.infer<typeof undoable>

/** A fault that the simulated kernel can be booted with. */
export const scenarioInfo = z.strictObject({
  name: z.string(),
  /** Name of the monitor that reports it, without its container. */
  monitor: z.string(),
  title: z.string(),
  /** The mechanism, and what it violates. */
  description: z.string()
})
export type ScenarioInfo = z.infer<typeof scenarioInfo>

export const simulatorStatus = z.strictObject({
  cpus: z.int(),
  tasks: z.int(),
  seed: z.int(),
  /** Name of the fault that it was booted with. */
  scenario: z.string().nullable(),
  /** Parameters of monitors that it was booted with, by `MONITOR.PARAMETER`. */
  parameters: z.record(z.string(), z.number()),
  /** It runs to something by itself: to the end of a repeated run (virtual s since boot), or to what comes; null: it does not. */
  task: z.strictObject({ kind: z.enum(['repeat', 'run']), end: z.number().nullable() }).nullable(),
  /** How often something was done to it from outside since its boot: what a repeated run does again. */
  acts: z.int(),
  paused: z.boolean(),
  /** Virtual seconds per second, as asked for. */
  speed: z.number(),
  /** As reached lately: less where the host is too slow. */
  achieved: z.number(),
  /** What the first CPUs (at most 16) do at the moment of the frame, whether a monitor is on or not. */
  running: z.array(
    z.strictObject({
      pid: z.int(),
      comm: z.string(),
      context: z.enum(['idle', 'task', 'softirq', 'hardirq'])
    })
  ),
  /** Virtual time since boot, ns as [seconds, nanoseconds]. */
  time: z.tuple([z.int(), z.int()])
})
export type SimulatorStatus = z.infer<typeof simulatorStatus>

/** Rows of a monitor, from the first, whose every change of state is sent for the timeline. */
export const LANE_ROWS = 512
/** In place of a row: every row of the monitor. */
export const LANE_ALL = 0xffffffff
/** In place of a state: events were lost, and which state it is is not known. */
export const LANE_UNKNOWN = -2

/** Clocks of one monitor at most whose resets are followed. */
export const CLOCKS = 4
/** In place of the seconds of a clock's reset: none was seen since the instance started. */
export const CLOCK_UNSEEN = 0xffffffff
/** What the target's list of tasks says of the task that an instance is. */
export const taskFacts = z.strictObject({
  /** Its thread group: the pid of the thread that leads it. -1: not known. */
  tgid: z.int(),
  /** comm of the thread that leads the group; empty: not known. */
  leader: z.string(),
  /** It was in two lists no more. */
  exited: z.boolean()
})
export type TaskFacts = z.infer<typeof taskFacts>

/** Live state of one monitor, or what of it changed since the last frame. */
export const monitorDelta = z.strictObject({
  monitor: z.int(),
  /** Names appended to this monitor's tables; a known model's come first, in the model's order. */
  newStates: z.array(z.string()),
  newEvents: z.array(z.string()),
  /** Instances by dense index (row). Columns have one entry per row. */
  rows: z.strictObject({
    index: u32,
    /** CPU, pid or object id; 0 for global monitors. */
    id: i32,
    /** Index into the monitor's states; -1: not monitoring. */
    state: i16,
    /** Last event, -1: none. */
    event: i16,
    /** When the state was entered. */
    sinceSec: u32,
    sinceNsec: u32,
    transitions: f64,
    violations: u32,
    /** 1: events of it were lost since its state was seen, so that it may be in another one. Absent: all 0. */
    unsure: u8.optional()
  }),
  /** When each clock of the model (those that it resets, in its order) was reset last; one entry per row above. */
  clocks: z
    .array(z.strictObject({ sec: u32, nsec: u32 }))
    .max(CLOCKS)
    .optional(),
  /** Changes of state since the last frame in their order, of rows below LANE_ROWS; none in a snapshot. */
  lane: z.strictObject({
    /** Row, or LANE_ALL. */
    index: u32,
    /** State entered; -1: not monitoring; LANE_UNKNOWN. */
    state: i16,
    sec: u32,
    nsec: u32,
    /** Older changes of this frame that did not find room: what happened before the first is not known. */
    missed: z.int().min(0)
  }),
  /** Names of instances that are new or were renamed: comm of a task, ` (exited)` behind it once it is gone. */
  labels: z.array(
    z.strictObject({
      index: z.int(),
      label: z.string(),
      /** Absent where the list of tasks of the target has said nothing of it, or it is no task. */
      task: taskFacts.optional()
    })
  ),
  /** Transitions taken so far, by edge. */
  edges: z.strictObject({ from: i16, event: i16, to: i16, count: f64 }),
  /** Violations so far: the event that the model does not have in that state. */
  refused: z.strictObject({ from: i16, event: i16, count: f64 }),
  /** Trace events and violations of this monitor so far. */
  events: z.number(),
  violations: z.number()
})
export type MonitorDelta = z.infer<typeof monitorDelta>

export const logLine = z.strictObject({
  /** kern_levels.h: 0 emergency .. 7 debug */
  level: z.int(),
  sec: z.int(),
  usec: z.int(),
  text: z.string()
})
export type LogLine = z.infer<typeof logLine>

/** The newest rows of the event log. */
export const eventRows = z.strictObject({
  /** Number of the first row since connection; a hole means rows that were not kept. */
  first: z.number(),
  rows: z.array(
    z.strictObject({
      sec: z.int(),
      nsec: z.int(),
      cpu: z.int(),
      pid: z.int(),
      comm: z.string(),
      flags: z.string(),
      monitor: z.int(),
      error: z.boolean(),
      text: z.string()
    })
  )
})
export type EventRows = z.infer<typeof eventRows>

/** Records seen and records lost, since connection, at every hop. Null: cannot be counted. */
export const accounts = z.strictObject({
  events: z.number(),
  violations: z.number(),
  /** Overwritten in the target's rings before they were read. */
  lostKernel: z.number().nullable(),
  /** Sent by the target and not received; null once a stream has ended by itself. */
  lostLink: z.number().nullable(),
  /** Received and not kept: rows of the logs, violations that no window took, instances and edges beyond bounds. */
  notShown: z.number(),
  /** Lines that could not be read, those that were cut in the middle included. */
  malformed: z.number()
})
export type Accounts = z.infer<typeof accounts>

/**
 * The ring buffer of a CPU in one of the panel's trace instances, by the kernel's counters
 * (per_cpu/cpuN/stats of kernel/trace/trace.c) since the instance was made. Of what was written,
 * `read + entries + overrun` is accounted for; `dropped` was never written.
 */
export const ringAccount = z.strictObject({
  instance: z.enum(['events', 'violations']),
  cpu: z.int(),
  /** Still in the ring, not read yet. */
  entries: z.number(),
  /** Overwritten before they were read. */
  overrun: z.number(),
  commitOverrun: z.number(),
  /** Without room in a ring that does not overwrite. */
  dropped: z.number(),
  /** Taken out of the ring on the target. */
  read: z.number(),
  /** Records of this ring that the panel had decoded when it asked for the counters. */
  arrived: z.number()
})
export type RingAccount = z.infer<typeof ringAccount>

/** What a serial line or a command under a pty carried. Counts since connection. */
export const linkAccount = z.strictObject({
  /** Bytes from and to the target, of whatever kind, and bytes of output that were delivered, unpacked. */
  received: z.number(),
  sent: z.number(),
  delivered: z.number(),
  /** Frames whose check was right, and those that were not whole. */
  frames: z.number(),
  damaged: z.number(),
  /** Lines to the target that had to be said again. */
  repeated: z.number(),
  /** Times that a chunk, or what was missing of it, was asked for again. */
  refetched: z.number(),
  /** Chunks of streams that were given up. */
  lost: z.number(),
  /** Lines beside or inside the frames: the kernel's console, and echoes. */
  noise: z.number()
})

/** What was seen and what was lost at every hop from the kernel to the window. */
export const hops = z.strictObject({
  /** When the target was connected, ms since 1970. */
  connectedAt: z.number(),
  /** For how long the target has not answered a read, seconds; 0 below two. */
  silentSeconds: z.int(),
  /** By instance and CPU; read in turns, so that each is as old as its turn. */
  rings: z.array(ringAccount),
  /** Null: a link that delivers everything, in order, as long as it delivers. */
  link: linkAccount.nullable(),
  /** Both streams have run without an end since the connection. */
  streamsWhole: z.boolean(),
  observer: z.strictObject({
    /** Records of the monitors' events, and errors, that were folded into the state. */
    events: z.number(),
    violations: z.number(),
    /** Lines of the streams and of the kernel log that could not be read. */
    malformed: z.number(),
    malformedLog: z.number(),
    /** Rows of the event log, and lines of the kernel log, that were replaced before a window took them. */
    eventRows: z.number(),
    logLines: z.number(),
    /** Violations beyond what is kept for a window. */
    violationsNotSent: z.number(),
    /** Instances and edges beyond what a monitor may have. */
    instances: z.number(),
    edges: z.number()
  })
})
export type Hops = z.infer<typeof hops>

/** Changed parts since the frame before; absent: unchanged. */
export const batch = z.strictObject({
  target: targetStatus.optional(),
  switches: switches.optional(),
  undoable: undoable.optional(),
  monitors: z.array(monitorInfo).optional(),
  simulator: simulatorStatus.nullable().optional(),
  /** Faults that the simulated kernel can be booted with; in every snapshot. */
  scenarios: z.array(scenarioInfo).optional(),
  accounts: accounts.optional(),
  hops: hops.optional(),
  /** Null: nothing has been recorded since connection. */
  recorder: recorderStatus.nullable().optional(),
  deltas: z.array(monitorDelta),
  violations: z.array(violation),
  /** Violations whose path and context are now complete; replaces by seq. */
  completed: z.array(violation),
  log: z.array(logLine),
  events: eventRows.optional()
})
export type Batch = z.infer<typeof batch>

/** The dialogue of a connection that asks something (ssh: host key, password, one-time code). */
export const authDialogue = z.strictObject({
  /** What the terminal shows, control characters removed. */
  text: z.string(),
  /** The prompt does not echo: a password or passphrase. */
  secret: z.boolean()
})
export type AuthDialogue = z.infer<typeof authDialogue>

/** Bytes of a terminal's output in one message. */
export const MAX_TERMINAL_DATA = 65_536

/** Everything that the observer sends. */
export const serverMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), version: z.int() }),
  z.strictObject({
    type: z.literal('reply'),
    id: z.int(),
    /** Null: done. Otherwise the target's refusal, in one clear sentence for the user. */
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    /** What was asked for, where that is about the past. */
    result: historyResult.optional()
  }),
  /** A batch that starts from nothing: the window drops what it had. */
  z.strictObject({ type: z.literal('snapshot'), seq: z.int(), batch }),
  z.strictObject({ type: z.literal('batch'), seq: z.int(), batch }),
  /** Output of a terminal. */
  z.strictObject({
    type: z.literal('terminal'),
    terminal: z.int(),
    data: z.instanceof(Uint8Array).refine((data) => data.length <= MAX_TERMINAL_DATA)
  }),
  /** A terminal has ended: its shell, its link, or it was closed. One sentence, or nothing. */
  z.strictObject({ type: z.literal('terminalEnded'), terminal: z.int(), message: z.string() }),
  z.strictObject({ type: z.literal('auth'), dialogue: authDialogue.nullable() }),
  /** Something that the user must read: a sentence, and how grave it is. */
  z.strictObject({
    type: z.literal('notice'),
    severity: z.enum(['info', 'warning', 'error']),
    message: z.string()
  })
])
export type ServerMessage = z.infer<typeof serverMessage>
