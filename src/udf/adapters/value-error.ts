/** What is wrong with one value of a column, in words for the report: its row fails, and the job goes on (Rule 5). */
export class ValueError extends Error {}
