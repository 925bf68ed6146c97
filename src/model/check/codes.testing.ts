import type { Diagnostic } from '../diagnostics'
import { c2dot } from '../gen/c2dot'
import { decodeModel } from './decode'
import { checkFiles } from './files'
import type { CheckFile } from './files'
import type { CodeExample } from './codes/code'

/** For tests and documents: the findings of an example, as the program reports them. */
export function findingsOf(example: CodeExample): readonly Diagnostic[] {
  const { file, text, latin1, beside } = example
  if (latin1 === true) {
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0))
    const decoded = decodeModel(bytes, file)
    return 'diagnostic' in decoded ? [decoded.diagnostic] : []
  }
  if (file.endsWith('.h')) return c2dot({ file, text }, undefined).diagnostics
  const inFolder = (name: string, own: string, isContext: boolean): CheckFile => ({
    folder: '.',
    name,
    path: name,
    text: own,
    isContext
  })
  const main = inFolder(file, text, false)
  const others = Object.entries(beside ?? {}).map(([name, own]) => inFolder(name, own, true))
  // Two models of one name are a matter of the folder, which YAML files make one.
  const folder = [main, ...others]
  if (!folder.some((f) => f.name.endsWith('.yaml'))) {
    folder.push(inFolder('registration.yaml', '[]\n', true))
  }
  return checkFiles(folder, { class: example.class }).get(main) ?? []
}
