/*
 * The few words between main and the preload script. Everything else goes over
 * the port that they hand out.
 */

/** Preload to main: give me a port to the observer. */
export const channelWantPort = 'rvpanel:want-port'
/** Main to preload: the port comes with it. */
export const channelPort = 'rvpanel:port'
/** Main to preload: the observer ended and will not be started again; the payload is one sentence. */
export const channelGone = 'rvpanel:observer-gone'
