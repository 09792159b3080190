-- Waiting jobs whose deadline has passed are given up even where no worker takes them.
create index job_overdue on job (deadline) where deadline is not null;
