import type { Panel } from '../../stores/panel'
import { settingsTexts } from '../../texts-settings'

/** Opens the settings file in the desktop's editor, and says where it is if there is none. */
export async function openSettingsFile(panel: Panel): Promise<void> {
  const refusal = await panel.settingsMirror.open()
  if (refusal === undefined) {
    panel.toast('info', settingsTexts.opened(panel.settingsMirror.file.value.file))
  } else panel.toast('error', refusal === '' ? settingsTexts.noAnswer : refusal)
}
