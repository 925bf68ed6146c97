import { modelReply, type ModelRequest } from '../../../contract/model-files'
import type { AutomatonDrawing } from '../../graph/drawing'
import { livePicture, pictureName } from '../../graph/picture'
import type { Panel } from '../../stores/panel'
import { automatonTexts as t } from '../../texts-automaton'
import { visibleLine } from '../../ui/text'
import { shownTime } from './model-states'

/** Pixels of a PNG for each px of the drawing. */
const SCALE = 2

/** Asks main for what needs files or the clipboard. */
type Ask = (request: ModelRequest) => Promise<unknown>

/** Saves or copies a drawing as it is shown now. */
export class Pictures {
  constructor(
    private readonly panel: Panel,
    private readonly ask: Ask
  ) {}

  async save(drawing: AutomatonDrawing, monitor: string, format: 'svg' | 'png'): Promise<void> {
    const ns = shownTime(this.panel)
    await this.send({
      op: 'export',
      name: pictureName(monitor, ns, format),
      text: this.text(drawing, monitor, ns),
      png: format === 'png' ? SCALE : null
    })
  }

  async copy(drawing: AutomatonDrawing, monitor: string): Promise<void> {
    const text = this.text(drawing, monitor, shownTime(this.panel))
    await this.send({ op: 'copyPicture', text, png: SCALE })
  }

  private text(drawing: AutomatonDrawing, monitor: string, ns: number): string {
    const background = getComputedStyle(document.documentElement).getPropertyValue('--bg').trim()
    const title = `${visibleLine(monitor)}, ${(ns / 1e9).toFixed(6)} s`
    return livePicture(drawing.world, drawing.bounds, background, title)
  }

  private async send(request: ModelRequest): Promise<void> {
    const reply = modelReply.parse(await this.ask(request))
    if (reply.type === 'exported') this.panel.toast('info', t.exported(reply.file))
    else if (reply.type === 'done') this.panel.toast('info', t.copied)
    else if (reply.type === 'failed') this.panel.toast('error', reply.message)
  }
}
