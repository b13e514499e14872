/** What Slack takes as the text and as the value of an option. */
export const OPTION_MAX = 75;
