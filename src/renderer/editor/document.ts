import type { EditorState } from '@codemirror/state'
import type { ModelText } from '../../contract/model-files'

/** One file of the open model. */
export interface OpenFile {
  readonly name: string
  /** Its text, history and selection. */
  state: EditorState
  /** As on the disk, undefined where it is not there. */
  saved: string | undefined
  /** Lines end in CR LF on the disk; in the editor they end in LF. */
  readonly crlf: boolean
}

/** Whether every line of a text ends in CR LF. */
export function endsInCrLf(text: string): boolean {
  return text.includes('\r\n') && !/(^|[^\r])\n|\r(?!\n)/.test(text)
}

/** A text of the disk as it is edited. */
export const toEditor = (text: string, crlf: boolean): string =>
  crlf ? text.replaceAll('\r\n', '\n') : text

/** What is edited, as it goes to the disk: byte for byte what was read where nothing changed. */
export function toDisk({ state, crlf }: OpenFile): string {
  const text = state.doc.toString()
  return crlf ? text.replaceAll('\n', '\r\n') : text
}

/** Whether the file's name is that of an instrumentation. */
export const isYaml = (name: string): boolean => /\.ya?ml$/.test(name)

/** The name of a file of a model under another name of the model. */
export function renamedFile(file: string, model: string): string {
  return model + file.slice(file.lastIndexOf('.'))
}

/** The files as they go to the disk. */
export function textsOf(files: readonly OpenFile[]): ModelText[] {
  return files.map((file) => ({ name: file.name, text: toDisk(file) }))
}

/** Whether a file is not as on the disk. Asked at each key: the texts are compared where their lengths are equal. */
export function isChanged(file: OpenFile): boolean {
  const { doc } = file.state
  const length = doc.length + (file.crlf ? doc.lines - 1 : 0)
  return length !== file.saved?.length || toDisk(file) !== file.saved
}
