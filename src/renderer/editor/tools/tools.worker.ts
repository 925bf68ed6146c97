import { answerOf } from './tasks'
import type { TaskJob } from './tasks'

/* The panes' long work, in a thread that can be ended. */

self.onmessage = ({ data }: MessageEvent<TaskJob>): void => {
  self.postMessage(answerOf(data))
}
