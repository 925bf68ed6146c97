import { ref, shallowRef } from 'vue'
import type { TargetSpec } from '../../contract/requests'

/** The connect dialog, opened from several places. */
export const connectOpen = ref(false)

/** With what the connect dialog begins: a target or a kind of target; null: what was connected last. */
export const connectWith = shallowRef<TargetSpec | TargetSpec['kind'] | null>(null)

/** Opens the connect dialog. */
export function openConnect(begin: TargetSpec | TargetSpec['kind'] | null = null): void {
  connectWith.value = begin
  connectOpen.value = true
}

/** The command palette. */
export const paletteOpen = ref(false)

/** The list of shortcuts. */
export const shortcutsOpen = ref(false)

/** The settings. */
export const settingsOpen = ref(false)

/** The list of the simulated kernel's faults. */
export const scenariosOpen = ref(false)

/** The simulated machine: its run, and others to boot. */
export const machineOpen = ref(false)

/** What was seen and lost at every hop. */
export const accountOpen = ref(false)
/** A report that is looked at before it is copied. */
export const reportShown = shallowRef<{
  /** Name of the monitor, for the name of a file. */
  readonly name: string
  readonly text: string
} | null>(null)

/** A cause in the list of violations: an event that a monitor's model does not have in a state. */
export interface ViolationFocus {
  /** Full name. */
  readonly monitor: string
  readonly from: string
  readonly event: string
}

/** The cause that somebody asked to see; the list of violations shows it, and sets null. */
export const focusViolations = shallowRef<ViolationFocus | null>(null)
