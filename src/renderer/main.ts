import { createApp } from 'vue'
import './ui/styles'
import App from './App.vue'
import KioskApp from './story/KioskApp.vue'
import { openObserverLine } from './bridge/open-line'
import { keepDraft } from './editor/keep-draft'
import { followMenu } from './keys/menu-line'
import { EditorSession, sessionKey } from './editor/session'
import { Panel, panelKey } from './stores/panel'
import { texts } from './texts'

const api = window.rvpanel
if (api) {
  const { kiosk } = api.about
  const line = openObserverLine(window, api.observer)
  const panel = new Panel({
    post: (message) => {
      line.post(message)
    },
    subscribe: (listener) => line.subscribe(listener),
    models: api.models,
    recordings: api.recordings,
    menu: api.menu,
    // What a kiosk's story arranges is not what its owner set.
    settings: kiosk === null ? api.settings : { ...api.settings, ask: () => Promise.resolve(null) },
    about: api.about
  })
  const editor = new EditorSession(panel, api.models)
  const app =
    kiosk === null ? createApp(App) : createApp(KioskApp, { settings: kiosk, beat: api.kioskBeat })
  app.provide(panelKey, panel).provide(sessionKey, editor).mount('#app')
  panel.start()
  window.addEventListener('pagehide', () => void panel.settingsMirror.flush())
  followMenu(panel.commands, api.menu)
  keepDraft(editor)
  void editor.restore()
} else {
  document.body.append(texts.app.noBridge)
}
