import { ref } from 'vue'

/** The connect dialog, opened from several places. */
export const connectOpen = ref(false)

/** The list of the simulated kernel's faults. */
export const scenariosOpen = ref(false)
