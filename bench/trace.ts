import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTraceDecoder, RecordKind, type TraceBatch } from '../src/trace'
import { rates, type BenchRow } from './measure'
import { RegexParser } from './regex-parser'

/** Text that is decoded in one go, and the pieces in which it comes, as from a pipe. */
const TEXT_BYTES = 2 * 1024 * 1024
const PIECE = 65_536

function textOfFixtures(folder: string): Uint8Array {
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt'))
  const once = Buffer.concat(files.map((name) => readFileSync(join(folder, name))))
  return Buffer.concat(new Array<Buffer>(Math.ceil(TEXT_BYTES / once.length)).fill(once))
}

/** Lines per second of the decoder over real recordings, against a parser made of regular expressions. */
export function benchTrace(folder: string): BenchRow[] {
  const text = textOfFixtures(folder)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < text.length; at += PIECE) pieces.push(text.subarray(at, at + PIECE))

  const counts = new Uint32Array(9)
  const decoder = createTraceDecoder()
  const sink = (batch: TraceBatch): void => {
    for (let i = 0; i < batch.count; i++) {
      const kind = batch.kind[i] ?? RecordKind.Malformed
      counts[kind] = (counts[kind] ?? 0) + 1
    }
  }
  const parser = new RegexParser()
  const [decoded = Number.NaN, parsed = Number.NaN] = rates(
    () => {
      counts.fill(0)
      for (const piece of pieces) decoder.decode(piece, sink)
      return counts.reduce((sum, count) => sum + count, 0)
    },
    () => {
      parser.counts.fill(0)
      for (const piece of pieces) parser.decode(piece)
      return parser.counts.reduce((sum, count) => sum + count, 0)
    }
  )
  if (counts.join() !== parser.counts.join()) {
    throw new Error(`The parsers differ: ${counts.join()} and ${parser.counts.join()}.`)
  }
  return [
    {
      what: 'Trace: trace_pipe text, all formats',
      figure: decoded,
      unit: 'lines/s',
      peer: 'regular expressions',
      peerFigure: parsed,
      aim: 4
    }
  ]
}
