/**
 * Text as PostgreSQL can hold it: no NUL (it refuses the row), no half of a surrogate pair (JSON columns refuse it).
 * What stands in their place is U+FFFD, so that nothing shifts.
 */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd');
