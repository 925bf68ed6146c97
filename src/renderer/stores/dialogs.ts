import { ref } from 'vue'

/** The connect dialog, opened from several places. */
export const connectOpen = ref(false)

/** The command palette. */
export const paletteOpen = ref(false)

/** The list of shortcuts. */
export const shortcutsOpen = ref(false)

/** The list of the simulated kernel's faults. */
export const scenariosOpen = ref(false)
