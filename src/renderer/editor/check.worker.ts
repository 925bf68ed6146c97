import { buchiOf, checkFiles } from './check-job'
import type { CheckDone, CheckJob } from './check-job'

/* Checks in a thread of its own: a large model must not hold a keystroke. */

self.onmessage = ({ data }: MessageEvent<CheckJob>): void => {
  const done: CheckDone = { id: data.id, diagnostics: checkFiles(data), buchi: buchiOf(data) }
  self.postMessage(done)
}
