/** The short id of a failure that a person is told and the log has: the beginning of the record's own. */
export const failureId = (recordId: string): string => recordId.slice(0, 7);
