-- When a lane was last asked for, to within an hour or so: lanes of tenants that have gone are removed in time.
alter table job_lane add column used_at timestamptz not null default now();
create index job_lane_used on job_lane (used_at);
