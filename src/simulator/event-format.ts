import { layoutOf } from './record-layout'
import type { RecordNames, TraceEvent } from './trace-events'
import { kernelId } from './trace-ids'

/** The `format` file of an event. */
export function formatText(names: Pick<RecordNames, 'monitors'>, event: TraceEvent): string {
  const lines = [
    `name: ${event.name}`,
    `ID: ${kernelId(names, event)}`,
    'format:',
    '\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;',
    '\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;',
    '\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;',
    '\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;',
    ''
  ]
  for (const { field, offset } of layoutOf(event).fields) {
    const { declaration, size, signed } = field
    lines.push(
      `\tfield:${declaration};\toffset:${offset};\tsize:${size};\tsigned:${signed ? 1 : 0};`
    )
  }
  return `${lines.join('\n')}\n\nprint fmt: ${event.printFormat}\n`
}
