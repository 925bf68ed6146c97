import { z } from 'zod'
import { findRequest, historyRequest, momentRequest, violationRequest } from './history'
import { modelFiles } from './model-files'

// The window's Content-Security-Policy forbids eval.
z.config({ jitless: true })

/** Version of the messages; both ends refuse another one. */
export const CONTRACT_VERSION = 1

/** A monitor as the target lists it: `wip`, `sched:sco`. */
export const monitorName = z
  .string()
  .max(80)
  .regex(/^[A-Za-z0-9_]+(:[A-Za-z0-9_]+)?$/, 'expected a monitor name of letters, digits and _')

/** A reactor's name. */
export const reactorName = z
  .string()
  .max(40)
  .regex(/^[A-Za-z0-9_]+$/, 'expected a reactor name of letters, digits and _')

/** Settings of the simulated kernel; the same settings give the same event stream. */
export const simulatorSettings = z.strictObject({
  cpus: z.int().min(1).max(256),
  tasks: z.int().min(1).max(10_000),
  seed: z.int().min(0).max(0xffffffff),
  /** A documented fault that the machine has, by its name. */
  scenario: z
    .string()
    .max(60)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected the name of a scenario')
    .optional(),
  /** Module parameters as a kernel's command line sets them: `stall.threshold_jiffies`. */
  parameters: z
    .record(
      z
        .string()
        .max(80)
        .regex(/^[A-Za-z0-9_]+\.[A-Za-z0-9_]+$/, 'expected MONITOR.PARAMETER'),
      z.int().min(0)
    )
    .optional()
})
export type SimulatorSettings = z.infer<typeof simulatorSettings>

/** Which target to connect to. */
export const targetSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sim'), settings: simulatorSettings }),
  z.strictObject({ kind: z.literal('local') }),
  z.strictObject({
    kind: z.literal('ssh'),
    /** `host`, `user@host` or an alias of ~/.ssh/config; neither part begins with `-`. */
    destination: z
      .string()
      .min(1)
      .max(255)
      .regex(
        /^([A-Za-z0-9_.][A-Za-z0-9_.+-]*@)?[A-Za-z0-9_.:%[\]][A-Za-z0-9_.:%[\]+-]*$/,
        'expected host or user@host'
      ),
    port: z.int().min(1).max(65535).optional()
  }),
  z.strictObject({
    kind: z.literal('serial'),
    /** Absolute path of the device. */
    device: z
      .string()
      .max(255)
      // eslint-disable-next-line no-control-regex -- control characters are what it refuses
      .regex(/^\/[^\u0000-\u001f\u007f]+$/, 'expected the path of a device'),
    /** Bits per second. */
    baud: z.int().min(50).max(12_000_000)
  }),
  z.strictObject({
    kind: z.literal('cmd'),
    /** A program and its arguments, each as it is: no shell takes them apart. */
    command: z
      .array(
        z
          .string()
          .max(4096)
          // eslint-disable-next-line no-control-regex -- no argument can hold a NUL
          .regex(/^[^\u0000]*$/, 'expected no NUL')
      )
      .min(1)
      .max(64)
      .refine(([program = '']) => program !== '' && !program.startsWith('-'), {
        message: 'expected a program that does not begin with a dash'
      })
  }),
  z.strictObject({
    kind: z.literal('recording'),
    /** Path of the file, relative to where the program was started where it is no absolute one. */
    path: z
      .string()
      .min(1)
      .max(4096)
      // eslint-disable-next-line no-control-regex -- no path can hold a NUL
      .regex(/^[^\u0000]*$/, 'expected no NUL')
  })
])
export type TargetSpec = z.infer<typeof targetSpec>

/** Number of a terminal, which the window chooses: each one is new. */
const terminalId = z.int().min(1)
const terminalSize = {
  columns: z.int().min(2).max(1000),
  rows: z.int().min(1).max(1000)
}
/** Characters that may be typed or pasted at once. */
const MAX_INPUT = 65_536

/** What a window may ask for. */
export const request = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('connect'), target: targetSpec }),
  z.strictObject({ op: z.literal('disconnect') }),
  z.strictObject({ op: z.literal('enable'), monitor: monitorName, on: z.boolean() }),
  z.strictObject({
    op: z.literal('setReactor'),
    monitor: monitorName,
    reactor: reactorName,
    /** The target's name as the user typed it; demanded for the panic reactor. */
    confirm: z.string().max(255).optional()
  }),
  z.strictObject({
    op: z.literal('switch'),
    which: z.enum(['monitoring_on', 'reacting_on']),
    on: z.boolean()
  }),
  /** Has the kernel record the stack behind each violation, by a `stacktrace` trigger in the panel's own trace instance; or no more. */
  z.strictObject({ op: z.literal('stacks'), on: z.boolean() }),
  /** Takes back what the user changed last on the target, where it is still so; does it again. */
  z.strictObject({ op: z.literal('undo') }),
  z.strictObject({ op: z.literal('redo') }),
  z.strictObject({
    op: z.literal('simulator'),
    /**
     * `repeat` boots the same machine and does to it what was done so far, at the same moments, up to
     * where it is now; `cancel` ends that, or a run to something.
     */
    action: z.enum(['pause', 'resume', 'step', 'reboot', 'repeat', 'cancel'])
  }),
  /** Runs the simulated kernel to something, and pauses it there. */
  z.strictObject({
    op: z.literal('simulatorRun'),
    until: z.discriminatedUnion('kind', [
      /** So much virtual time. */
      z.strictObject({ kind: z.literal('time'), ns: z.int().min(1).max(60_000_000_000) }),
      /** The next trace event of a monitor. */
      z.strictObject({ kind: z.literal('transition'), monitor: monitorName }),
      /** The next violation of any. */
      z.strictObject({ kind: z.literal('violation') })
    ])
  }),
  z.strictObject({ op: z.literal('simulatorSpeed'), factor: z.number().min(1e-6).max(100) }),
  /**
   * Boots the simulated kernel with this model among the others, and enables its monitor and those
   * that are enabled now. `replace`: also where that takes the place of a model of the same name
   * that it was started with. `leave`: also where another target is connected.
   */
  z.strictObject({
    op: z.literal('run'),
    files: modelFiles,
    replace: z.boolean(),
    leave: z.boolean()
  }),
  /**
   * A terminal on the target, over the same link; one at a time. Its output comes as `terminal`
   * messages with this id, and is held back beyond what is acknowledged.
   */
  z.strictObject({ op: z.literal('terminalOpen'), terminal: terminalId, ...terminalSize }),
  z.strictObject({
    op: z.literal('terminalInput'),
    terminal: terminalId,
    text: z.string().min(1).max(MAX_INPUT)
  }),
  z.strictObject({ op: z.literal('terminalResize'), terminal: terminalId, ...terminalSize }),
  /** So many bytes were shown. */
  z.strictObject({
    op: z.literal('terminalAck'),
    terminal: terminalId,
    bytes: z
      .int()
      .min(1)
      .max(1 << 24)
  }),
  z.strictObject({ op: z.literal('terminalClose'), terminal: terminalId }),
  /** Ends the recording of the target that main has begun; what is written stays. */
  z.strictObject({ op: z.literal('stopRecording') }),
  /** A line typed into the ssh dialogue (without newline), or its end. */
  z.strictObject({ op: z.literal('authAnswer'), text: z.string().max(4096) }),
  z.strictObject({ op: z.literal('authCancel') }),
  momentRequest,
  historyRequest,
  findRequest,
  violationRequest
])
export type Request = z.infer<typeof request>

/** Everything that a window sends. */
export const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), version: z.int() }),
  z.strictObject({ type: z.literal('request'), id: z.int().min(0), request }),
  /** The frame with this number was drawn; the next batch may come. */
  z.strictObject({ type: z.literal('ack'), seq: z.int().min(0) }),
  /** A gap or a reload: send a snapshot. */
  z.strictObject({ type: z.literal('resync') })
])
export type ClientMessage = z.infer<typeof clientMessage>
