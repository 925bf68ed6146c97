import type { BrowserWindow, OpenDialogOptions } from 'electron'
import { clipboard, dialog, ipcMain, nativeImage } from 'electron'
import { channelModels } from '../../contract/channels'
import type { ModelReply } from '../../contract/model-files'
import { isTrustedSender } from '../hardening'
import { ModelDesk } from './desk'

/** Folders of the program. */
export interface ModelFolders {
  readonly builtIn: string
  readonly own: string | undefined
  readonly drafts: string
}

/** Answers the window's requests about files of models; those of any other page are refused. */
export function installModelDesk(
  folders: ModelFolders,
  current: () => BrowserWindow | undefined
): void {
  const choose = async (options: OpenDialogOptions): Promise<string | undefined> => {
    const window = current()
    if (window === undefined) return undefined
    const { canceled, filePaths } = await dialog.showOpenDialog(window, options)
    return canceled ? undefined : filePaths[0]
  }
  const desk = new ModelDesk({
    ...folders,
    chooseFile: () =>
      choose({
        title: 'Open model',
        properties: ['openFile'],
        filters: [{ name: 'Models', extensions: ['dot', 'gv', 'ltl', 'yaml', 'yml'] }]
      }),
    chooseFolder: (model) =>
      choose({
        title: `Save ${model} in a folder`,
        buttonLabel: 'Save here',
        properties: ['openDirectory', 'createDirectory']
      }),
    chooseRecording: () => choose({ title: 'Open recording', properties: ['openFile'] }),
    chooseTarget: async (name) => {
      const window = current()
      if (window === undefined) return undefined
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        title: `Save ${name}`,
        defaultPath: name
      })
      return canceled ? undefined : filePath
    },
    copyImage: (png) => {
      clipboard.writeImage(nativeImage.createFromBuffer(Buffer.from(png)))
    },
    now: () => Date.now()
  })
  ipcMain.handle(channelModels, (event, message: unknown): Promise<ModelReply> => {
    const window = current()
    if (window === undefined || !isTrustedSender(event.senderFrame, window.webContents)) {
      return Promise.resolve({ type: 'failed', message: 'Only the panel’s own page may ask.' })
    }
    return desk.answer(message)
  })
}
