import type { Component } from 'vue'
import { texts } from '../texts'
import EditorDrawing from './drawing/EditorDrawing.vue'
import ComparePanel from './tools/compare/ComparePanel.vue'
import ExplorePanel from './tools/explore/ExplorePanel.vue'
import ExportPanel from './tools/export/ExportPanel.vue'
import GeneratePanel from './tools/generate/GeneratePanel.vue'

/** A pane beside the text. It finds the open model with useEditor(). */
export interface SidePanel {
  readonly id: string
  readonly title: string
  readonly component: Component
}

/** The panes in the order of their tabs. To add one, add an entry. */
export const sidePanels: readonly SidePanel[] = [
  { id: 'drawing', title: texts.editor.panels.drawing, component: EditorDrawing },
  { id: 'explore', title: texts.tools.explore.title, component: ExplorePanel },
  { id: 'compare', title: texts.tools.compare.title, component: ComparePanel },
  { id: 'generate', title: texts.tools.generate.title, component: GeneratePanel },
  { id: 'export', title: texts.tools.export.title, component: ExportPanel }
]
