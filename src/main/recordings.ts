import type { BrowserWindow } from 'electron'
import { dialog, ipcMain } from 'electron'
import { channelRecordings } from '../contract/channels'
import { recordingRequest, type RecordingReply } from '../contract/recordings'
import { isTrustedSender } from './hardening'

/**
 * Answers the window's requests about recordings; those of any other page are refused.
 *
 * @param record has the observer write a recording into the file that the user chose
 */
export function installRecordings(
  current: () => BrowserWindow | undefined,
  record: (path: string) => void
): void {
  const answer = async (window: BrowserWindow, message: unknown): Promise<RecordingReply> => {
    const request = recordingRequest.safeParse(message)
    if (!request.success) return failed('A message that no panel sends.')
    if (request.data.op === 'open') {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: 'Open recording',
        properties: ['openFile'],
        filters: [
          { name: 'Recordings', extensions: ['rvrec', 'txt', 'trace', 'log', 'gz', 'zst'] },
          { name: 'All files', extensions: ['*'] }
        ]
      })
      const [path] = filePaths
      return canceled || path === undefined ? { type: 'cancelled' } : { type: 'chosen', path }
    }
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title: 'Record the target',
      buttonLabel: 'Record',
      defaultPath: request.data.name,
      filters: [{ name: 'Recordings', extensions: ['rvrec'] }]
    })
    if (canceled || filePath === '') return { type: 'cancelled' }
    record(filePath)
    return { type: 'recording' }
  }
  ipcMain.handle(channelRecordings, async (event, message: unknown): Promise<RecordingReply> => {
    const window = current()
    if (window === undefined || !isTrustedSender(event.senderFrame, window.webContents)) {
      return failed('Only the panel’s own page may ask.')
    }
    return answer(window, message)
  })
}

const failed = (message: string): RecordingReply => ({ type: 'failed', message })
