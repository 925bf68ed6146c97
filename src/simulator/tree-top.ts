import { Errno } from '../engine/errno'
import { listedEvents } from './events-tree'
import type { TraceHub } from './trace-hub'
import { settingFile, textFile, type Node } from './tracefs-nodes'

/** Names that this machine can keep; a smaller size is taken, and means nothing, as on a kernel. */
const SAVED_COMMANDS = 6552

const README = `tracefs of a simulated kernel

Files mean what they mean in the tracefs of Linux (Documentation/trace/ftrace.rst,
events.rst and rv/). Events are those that the simulation raises. What it lacks:
tracers but nop, histograms and other triggers than traceon, traceoff and stacktrace, dynamic
and synthetic events, snapshots. Options about the looks of trace are remembered,
and change nothing.
`

/** Files that the top level has and an instance does not, but for rv/ and instances/. */
export function topEntries(hub: TraceHub): readonly (readonly [string, Node])[] {
  return [
    ['README', textFile(() => README)],
    [
      'available_events',
      textFile(() =>
        listedEvents(hub)
          .map(({ system, name }) => `${system}:${name}\n`)
          .join('')
      )
    ],
    ['printk_formats', textFile(() => '')],
    [
      'saved_cmdlines',
      textFile(() =>
        hub
          .savedCommands()
          .map(([pid, comm]) => `${pid} ${comm}\n`)
          .join('')
      )
    ],
    [
      'saved_cmdlines_size',
      settingFile(
        () => `${SAVED_COMMANDS}\n`,
        (text) => {
          if (!/^[1-9]\d{0,8}$/.test(text)) throw new Errno('EINVAL', 'expected a number')
        }
      )
    ],
    ['saved_tgids', textFile(() => '')]
  ]
}
