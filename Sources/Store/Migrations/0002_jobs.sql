-- The queue: a narrow hot table of jobs that wait or run, and where they go when they are over.
-- The reasons for its shape are in docs/jobs.md.

-- A queue exists as soon as a job names it; it has a row here once somebody has paused or described it.
create table job_queue (
  name text primary key check (name ~ '^[a-z][a-z0-9_.-]{0,59}$'),
  paused_at timestamptz
);

-- At most so many jobs of one key at once, or so many in a span of time; for what others limit, such as a provider.
create table job_limit (
  id int generated always as identity primary key,
  key text not null unique check (length(key) between 1 and 200),
  concurrency int check (concurrency between 1 and 100000),
  rate_count int check (rate_count between 1 and 1000000),
  rate_seconds int check (rate_seconds between 1 and 86400),
  -- The moment until which the rate is used up (the generic cell rate algorithm's theoretical arrival time).
  used_until timestamptz not null default '-infinity',
  check (concurrency is not null or rate_count is not null),
  check ((rate_count is null) = (rate_seconds is null))
);

-- Jobs of one queue, priority, kind, tenant and limit stand in one lane, in the order of their time. Lanes take turns,
-- so that a flood in one delays the others by no more than a turn. Lanes are few and stay.
create table job_lane (
  id int generated always as identity primary key,
  queue text not null check (queue ~ '^[a-z][a-z0-9_.-]{0,59}$'),
  priority smallint not null check (priority between 0 and 9),
  kind text not null check (length(kind) between 1 and 100),
  tenant text not null check (length(tenant) <= 100),
  limit_id int references job_limit,
  unique nulls not distinct (queue, priority, kind, tenant, limit_id)
);

create sequence job_id;

-- Jobs that wait (no worker) or run (a worker). A job belongs to its worker for as long as the worker's heartbeat is
-- younger than a lease. No index has the worker in it, so that a start rewrites the row on its own page and no index
-- (a heap-only tuple); running jobs stay in job_ready and stand before the places from which lanes are read on.
-- No foreign keys: checking them would write to the lane's row for each job.
create table job (
  id bigint primary key default nextval('job_id'),
  run_at timestamptz not null,
  created_at timestamptz not null default now(),
  -- After this it is not started any more.
  deadline timestamptz,
  lane int not null,
  -- Who has it; null while it waits.
  worker int,
  -- Grows by one with each start: who does not hold the newest run changes nothing.
  run int not null default 0,
  limit_id int,
  attempt smallint not null default 0,
  attempts_max smallint not null check (attempts_max between 1 and 1000),
  is_cancelled boolean not null default false,
  -- Its unique key holds only while it waits.
  frees_key boolean not null default false,
  unique_key text check (length(unique_key) <= 450),
  trace text check (length(trace) <= 100),
  payload json not null,
  -- What went wrong so far: [{"attempt", "at", "worker", "reason", "error"}].
  errors jsonb
) with (
  -- Half of each page is for the rows as they are written anew when they start.
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_insert_threshold = -1,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 200000
);
create index job_ready on job (lane, run_at, id);
create unique index job_unique on job (unique_key) where unique_key is not null;

-- The running jobs that count against a limit.
create table job_limited_run (
  job_id bigint primary key,
  limit_id int not null
);
create index job_limited_run_limit on job_limited_run (limit_id);

create type job_outcome as enum ('succeeded', 'cancelled', 'dead');

-- Jobs that are over. A day's partition is dropped whole when its time has come.
create table job_archive (
  id bigint not null,
  finished_at timestamptz not null default now(),
  created_at timestamptz not null,
  lane int not null,
  run int not null,
  ran_milliseconds int,
  attempt smallint not null,
  attempts_max smallint not null,
  outcome job_outcome not null,
  unique_key text,
  trace text,
  payload json,
  result json,
  errors jsonb
) partition by range (finished_at);
create index job_archive_id on job_archive (id);
create table job_archive_default partition of job_archive default;

-- Jobs that were given up: kept until somebody retries or removes them, or for their own, longer time.
create table job_dead (
  id bigint primary key,
  finished_at timestamptz not null default now(),
  created_at timestamptz not null,
  deadline timestamptz,
  lane int not null,
  run int not null,
  limit_id int,
  attempt smallint not null,
  attempts_max smallint not null,
  frees_key boolean not null,
  unique_key text,
  trace text,
  payload json not null,
  errors jsonb not null
);
create index job_dead_finished on job_dead (finished_at);

-- How far a running job is; one row for each that tells.
create table job_progress (
  job_id bigint primary key,
  revision int not null default 1,
  stage text not null check (length(stage) <= 100),
  done bigint,
  total bigint,
  message text check (length(message) <= 1000),
  changed_at timestamptz not null default now()
) with (fillfactor = 50);

-- Processes that run jobs. Their heartbeat is the lease on all they hold. One that has fallen silent is declared dead,
-- and its row never comes back: the process takes another.
create table job_worker (
  id int generated always as identity primary key,
  name text not null,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now(),
  running int not null default 0,
  queues text[],
  kinds text[] not null,
  ended_at timestamptz,
  was_lost boolean not null default false
);
create index job_worker_living on job_worker (heartbeat_at) where ended_at is null;

-- What is to be done again and again.
create table job_schedule (
  name text primary key check (name ~ '^[a-z][a-z0-9_.-]{0,59}$'),
  pattern text not null,
  zone text not null,
  kind text not null,
  queue text not null,
  priority smallint not null check (priority between 0 and 9),
  payload json not null,
  next_at timestamptz not null,
  last_at timestamptz,
  is_paused boolean not null default false
);
create index job_schedule_due on job_schedule (next_at) where not is_paused;

-- Requests that may be sent twice and shall be carried out once.
create table idempotency_key (
  caller text not null,
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null,
  job_id bigint not null,
  created_at timestamptz not null default now(),
  primary key (caller, key)
);
create index idempotency_key_age on idempotency_key (created_at);

-- For people: every job that is not over, in words.
create view job_overview as
select job.id, lane.queue, lane.kind, lane.tenant, lane.priority,
  case
    when job.worker is not null then case when job.is_cancelled then 'cancelling' else 'running' end
    when job.run_at <= now() then 'waiting'
    when job.attempt > 0 then 'retrying'
    else 'scheduled'
  end as state,
  job.attempt, job.attempts_max, job.run_at, job.created_at, job.worker, job.errors
from job join job_lane lane on lane.id = job.lane;
