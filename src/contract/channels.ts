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
/** Main to preload: somebody chose a menu entry about models; the payload is a ModelCommand. */
export const channelModelCommand = 'rvpanel:model-command'
/** Preload asks main about recordings; the reply is a RecordingReply. */
export const channelRecordings = 'rvpanel:recordings'
/** Main to preload: somebody chose a menu entry about recordings; the payload is a RecordingCommand. */
export const channelRecordingCommand = 'rvpanel:recording-command'
/** Preload asks main for the settings before the page is made; the answer is a SettingsState. */
export const channelSettingsNow = 'rvpanel:settings-now'
/** Preload asks main about settings; the reply is a SettingsReply. */
export const channelSettings = 'rvpanel:settings'
/** Main to preload: settings are other ones now; the payload is a SettingsState. */
export const channelSettingsChanged = 'rvpanel:settings-changed'
