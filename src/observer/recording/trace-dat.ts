import { RecordingError, type Source } from './source'

/** The text that `trace-cmd report` would print of a trace.dat. */
// eslint-disable-next-line @typescript-eslint/require-await -- reading is what it will wait for
export async function* traceDatText(source: Source): AsyncGenerator<Uint8Array> {
  yield new Uint8Array()
  throw new RecordingError(
    `${source.path} is a trace.dat, which cannot be read yet: convert it with “trace-cmd report -t -R”.`
  )
}
