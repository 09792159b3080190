/// `Worker` runs jobs: it takes them from the queue in PostgreSQL, hands each to the handler of its kind, and stores how it ended.
///
/// It does not decide what jobs mean (handlers call the domains) and holds no SQL (that is Store's).
///
/// Its nouns: a job is something to be done; a ``JobHandler`` does the jobs of one ``JobKind``; a run is one try of a job
/// by one ``Worker``, fenced so that only the newest run can end it; a lane is a row of jobs that are served in order, and
/// lanes take turns; the keeper takes back what lost workers held, fires schedules and clears away the old.
