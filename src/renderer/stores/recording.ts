import { computed, type ComputedRef } from 'vue'
import { recordingReply } from '../../contract/recordings'
import { recordingTexts as t } from '../texts-recording'
import { useCommands, usePanel, type Panel } from './panel'

/** Asks for a recording and opens it. */
export async function openRecording(panel: Panel): Promise<void> {
  const reply = recordingReply.safeParse(await panel.recordings.ask({ op: 'open' }))
  if (!reply.success) panel.toast('error', t.failed)
  else if (reply.data.type === 'failed') panel.toast('error', reply.data.message)
  else if (reply.data.type === 'chosen') await openFile(panel, reply.data.path)
}

/** Opens a recording by its path. */
export async function openFile(panel: Panel, path: string): Promise<void> {
  await panel.connect({ kind: 'recording', path })
}

/** Asks for a file and records the target into it, or ends the recording that runs. */
export async function toggleRecording(panel: Panel, now: Date = new Date()): Promise<void> {
  if (panel.recorder.value?.recording === true) {
    await panel.ask({ op: 'stopRecording' })
    return
  }
  const name = recordingName(panel.target.value.name, now)
  const reply = recordingReply.safeParse(await panel.recordings.ask({ op: 'record', name }))
  if (!reply.success) panel.toast('error', t.failed)
  else if (reply.data.type === 'failed') panel.toast('error', reply.data.message)
}

/** `board-7-2026-11-27T12-04.rvrec`, in local time. */
export function recordingName(target: string, now: Date): string {
  const plain = target
    .replace(/^.*@/, '')
    .replaceAll(/[^A-Za-z0-9.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60)
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = `${String(now.getFullYear())}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  return `${plain || 'target'}-${day}T${two(now.getHours())}-${two(now.getMinutes())}.rvrec`
}

/** Whether the target can be recorded, or a recording ended. */
export function useCanRecord(panel: Panel): ComputedRef<boolean> {
  return computed(
    () =>
      panel.recorder.value?.recording === true ||
      (panel.target.value.phase === 'connected' && !panel.readOnly)
  )
}

/** Offers the commands about recordings, to keys, menu and palette, as long as the caller is there. */
export function useRecordingCommands(): void {
  const panel = usePanel()
  const can = useCanRecord(panel)
  useCommands(
    {
      id: 'target.openRecording',
      group: 'target',
      title: t.open,
      keys: ['Ctrl+Shift+O'],
      run: () => openRecording(panel)
    },
    {
      id: 'target.record',
      group: 'target',
      title: () => (panel.recorder.value?.recording === true ? t.stop : t.record),
      always: t.recordAlways,
      keys: ['Ctrl+Shift+E'],
      enabled: () => can.value,
      run: () => toggleRecording(panel)
    }
  )
}
