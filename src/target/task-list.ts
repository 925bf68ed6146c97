import type { TaskInfo } from './port'
import { oneLine } from './sanitize'

/** pid_max is at most 2^22. */
const MAX_PID = 1 << 22

/**
 * Reads the agent's list of tasks, a line `PID TGID COMM` for each. The comm is whatever a task gave
 * itself: everything behind the second blank, made one line. What is no such line is left out.
 */
export function readTasks(text: string): Map<number, TaskInfo> {
  const tasks = new Map<number, TaskInfo>()
  for (const line of text.split('\n')) {
    const match = /^([0-9]{1,7}) ([0-9]{1,7}) (.*)$/.exec(line)
    if (!match) continue
    const pid = Number(match[1])
    const tgid = Number(match[2])
    if (pid > MAX_PID || tgid > MAX_PID) continue
    tasks.set(pid, { comm: oneLine(match[3] ?? '', 64), tgid })
  }
  return tasks
}
