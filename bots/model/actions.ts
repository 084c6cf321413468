/** What the controls under an answer are called; their value is the answer's id. */
export const answerActionIds = {
  findRead: 'answer_find_read',
  again: 'answer_again',
  ungrounded: 'answer_ungrounded',
  stop: 'answer_stop',
  settings: 'answer_settings',
} as const;
