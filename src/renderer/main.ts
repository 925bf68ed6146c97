import { createApp } from 'vue'
import './ui/styles'
import App from './App.vue'
import { Panel, panelKey } from './stores/panel'
import { texts } from './texts'

const api = window.rvpanel
if (api) {
  const panel = new Panel(api)
  createApp(App).provide(panelKey, panel).mount('#app')
  panel.start()
} else {
  document.body.append(texts.app.noBridge)
}
