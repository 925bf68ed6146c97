import { createApp } from 'vue'
import './ui/styles'
import App from './App.vue'
import { obeyMenu } from './editor/menu'
import { EditorSession, sessionKey } from './editor/session'
import { Panel, panelKey } from './stores/panel'
import { texts } from './texts'

const api = window.rvpanel
if (api) {
  const panel = new Panel(api)
  const editor = new EditorSession(panel, api.models)
  createApp(App).provide(panelKey, panel).provide(sessionKey, editor).mount('#app')
  panel.start()
  obeyMenu(editor, api.models)
  void editor.restore()
} else {
  document.body.append(texts.app.noBridge)
}
