/** A monitor as far as a filter names it. */
export interface NamedMonitor {
  readonly name: string
  /** `parent:child`, or the name. */
  readonly fullName: string
  readonly parent: string | null
}

/** What a monitor may be called in a filter: its full name, its name, that of its container. */
export function monitorNames(monitor: NamedMonitor | undefined): string[] {
  if (!monitor) return []
  const { name, fullName, parent } = monitor
  return parent === null ? [fullName] : [fullName, name, parent]
}
