import { ref } from 'vue'

/** The connect dialog, opened from several places. */
export const connectOpen = ref(false)

/** The list of the simulated kernel's faults. */
export const scenariosOpen = ref(false)

/** What was seen and lost at every hop. */
export const accountOpen = ref(false)
