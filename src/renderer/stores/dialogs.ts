import { ref } from 'vue'

/** The connect dialog, opened from several places. */
export const connectOpen = ref(false)
