/*
 * The few words between main and the preload script. Everything about targets
 * goes over the port that they hand out; files of models are main's.
 */

/** Preload to main: give me a port to the observer. */
export const channelWantPort = 'rvpanel:want-port'
/** Main to preload: the port comes with it. */
export const channelPort = 'rvpanel:port'
/** Main to preload: the observer ended and will not be started again; the payload is one sentence. */
export const channelGone = 'rvpanel:observer-gone'
/** Preload asks main about model files; the reply is a ModelReply. */
export const channelModels = 'rvpanel:models'
/** Preload asks main about recordings; the reply is a RecordingReply. */
export const channelRecordings = 'rvpanel:recordings'
/** Preload tells main what the menu shows; the payload is a list of MenuEntry. */
export const channelMenu = 'rvpanel:menu'
/** Main to preload: somebody chose an entry of the menu; the payload is the id of a command. */
export const channelMenuChoice = 'rvpanel:menu-choice'
/** Preload asks main for the settings before the page is made; the answer is a SettingsState. */
export const channelSettingsNow = 'rvpanel:settings-now'
/** Preload asks main about settings; the reply is a SettingsReply. */
export const channelSettings = 'rvpanel:settings'
/** Main to preload: settings are other ones now; the payload is a SettingsState. */
export const channelSettingsChanged = 'rvpanel:settings-changed'
/** Preload to main: the kiosk has told something; the payload is whether it was the end. */
export const channelKioskBeat = 'rvpanel:kiosk-beat'
