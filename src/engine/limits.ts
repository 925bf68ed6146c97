/** MAX_RV_MONITOR_NAME_SIZE and MAX_RV_REACTOR_NAME_SIZE: names are shorter than this, in bytes. */
export const MAX_NAME_SIZE = 32

/** CONFIG_RV_PER_TASK_MONITORS of a kernel that has room for every container. */
export const DEFAULT_TASK_SLOTS = 8

/** PID_MAX_LIMIT: no kernel has more tasks, whatever a recording says. */
export const MAX_TASKS = 4 * 1024 * 1024

/** Instances of a per-object monitor: memory has an end. */
export const MAX_OBJECTS = 1024 * 1024

const encoder = new TextEncoder()

/** strlen() of a string. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length
}

/** Whether tracefs can make a directory of this name, beside the files of a container where it is nested. */
export function isDirectoryName(name: string, nested: boolean): boolean {
  if (!/^[^/\0]+$/.test(name) || name === '.' || name === '..') return false
  return !nested || !['enable', 'desc', 'reactors'].includes(name)
}
