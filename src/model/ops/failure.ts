/** What cannot be computed, or not be written down as a model, in one sentence for the user. */
export class OperationFailure extends Error {
  override readonly name = 'OperationFailure'
}
