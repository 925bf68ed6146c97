import type { RecordedPort, RvClient } from '../observer'
import { createTraceDecoder, RecordKind } from '../trace'
import type { TraceBatch } from '../trace'
import { header, line, printable } from './columns'
import { Failure } from './io'
import type { CliIo } from './io'

/**
 * `rv mon NAME -t` of a recording: all that it has of one monitor, or of those of a container.
 *
 * @throws Failure where the recording has no such monitor, or its end is damaged
 */
export async function playMonitor(
  client: RvClient,
  port: RecordedPort,
  name: string,
  io: CliIo
): Promise<void> {
  const { monitors } = await client.readTree()
  const found =
    monitors.find((one) => one.fullName === name) ?? monitors.find((one) => one.name === name)
  if (found === undefined) throw new Failure(`monitor ${printable(name)} does not exist`)
  const isContainer = found.class === 'container'
  const members = isContainer ? monitors.filter((one) => one.parent === found.name) : [found]
  const names = new Set(members.map((one) => one.name))
  const layout = { hasId: members.some((one) => one.hasId), isContainer }
  const decoder = createTraceDecoder()
  let text = header(layout)
  let malformed = 0
  const sink = (batch: TraceBatch): void => {
    for (let i = 0; i < batch.count; i++) {
      const kind = batch.kind[i]
      if (kind === RecordKind.Malformed) malformed++
      else if (kind === RecordKind.Lost) {
        const lost = batch.id[i] ?? -1
        const events = lost < 0 ? 'events, nobody knows how many,' : `${String(lost)} events`
        io.err(
          `rvpanel: ${events} of CPU ${String(batch.cpu[i] ?? 0)} were lost when it was recorded\n`
        )
      } else if (names.has(batch.names.names[batch.monitor[i] ?? 0] ?? '')) {
        if (kind !== RecordKind.Other) text += line(batch, i, layout)
      }
    }
  }
  const take = (bytes: Uint8Array): void => {
    decoder.decode(bytes, sink)
  }
  const nothing = (): void => undefined
  await port.play({
    trace: take,
    events: take,
    violations: nothing,
    log: nothing,
    change: nothing,
    room: async () => {
      const piece = text
      text = ''
      if (piece !== '') await io.out(piece)
    }
  })
  decoder.finish(sink)
  if (text !== '') await io.out(text)
  if (malformed > 0) io.err(`rvpanel: ${String(malformed)} lines were damaged and are not shown\n`)
  const { problem } = port.recording
  if (problem !== null) throw new Failure(problem)
}
