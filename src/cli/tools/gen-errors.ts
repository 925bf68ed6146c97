import { GenerateError } from '../../model/gen/files'
import { printable } from '../columns'
import { Failure } from '../io'

/** What a generator makes; what it cannot make is a Failure, so that nothing is written. */
export function generating<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (error instanceof GenerateError) throw new Failure(printable(error.message))
    throw error
  }
}
