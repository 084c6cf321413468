/** The button under two answers that wait for votes; its value is the comparison's id. */
export const voteAction = 'comparison_vote';

/** The modal in which one votes. */
export const ballotForm = 'comparison_ballot';

/** The entry in a message's menu. */
export const compareShortcut = 'compare_models';
