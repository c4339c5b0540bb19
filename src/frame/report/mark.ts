/** Stands in the head of every report: what has it may be replaced by the next one. */
export const REPORT_MARK = '<meta name="generator" content="inframe report">';
