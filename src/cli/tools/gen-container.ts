import { generateContainer } from '../../model/gen/monitor'
import type { CliIo } from '../io'
import { generating } from './gen-errors'
import { place } from './gen-place'
import { required } from './gen-options'
import type { GenOptions } from './gen-options'

/** `rvpanel gen container`. @throws Failure with nothing written */
export async function genContainer(options: GenOptions, io: CliIo): Promise<void> {
  const name = required(options.model_name, '-n/--model_name')
  const container = generating(() =>
    generateContainer(name, options.description ?? 'auto-generated')
  )
  const addition = { name, monitor: undefined, parent: undefined }
  await place(container, addition, options, false, io)
}
