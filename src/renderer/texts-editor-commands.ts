/** English texts of the commands of the model editor. */
export const editorCommandTexts = {
  run: 'Run the model',
  save: 'Save the model',
  saveAs: 'Save the model in another folder…',
  nextFinding: 'Next problem of the model',
  previousFinding: 'Previous problem of the model',
  notShown: 'No model is open in the editor.'
}
