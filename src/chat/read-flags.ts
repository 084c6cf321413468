/** `--grounded` as a word at either end of a message; editors turn the two hyphens into a dash. */
const atStart = /^(?:--|[—–―]{1,2})grounded(?=[\s\u3000]|$)[\s\u3000]*/iu;
const atEnd = /(?:^|[\s\u3000])(?:--|[—–―]{1,2})grounded[\s\u3000]*$/iu;

/** A cleaned message as its question and what it asks for by flags. */
export const readFlags = (message: string): { question: string; grounded: boolean } => {
  const question = message.replace(atStart, '').replace(atEnd, '').trim();
  return { question, grounded: question !== message.trim() };
};
