/** One line of trace_pipe, as kernel/trace/trace_output.c prints it. `task` is comm-pid, `usec` the time since boot. */
export function traceLine(cpu: number, usec: number, text: string, task = 'bash-1'): string {
  const dash = task.lastIndexOf('-')
  const head = `${task.slice(0, dash).padStart(16)}-${task.slice(dash + 1).padEnd(7)}`
  const time = `${String(Math.floor(usec / 1e6)).padStart(5)}.${String(usec % 1e6).padStart(6, '0')}`
  return `${head} [${String(cpu).padStart(3, '0')}] d..2. ${time}: ${text}\n`
}
