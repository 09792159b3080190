-- What operators change while everything runs. One row: the settings are the installation's, not a process's.
create table runtime_settings (
  singleton boolean primary key default true check (singleton),
  log_level text not null default 'info'
    check (log_level in ('trace', 'debug', 'info', 'notice', 'warning', 'error', 'critical')),
  maintenance_message text check (char_length(maintenance_message) between 1 and 500),
  maintenance_retry_seconds integer check (maintenance_retry_seconds between 1 and 86400),
  revision bigint not null default 1,
  changed_at timestamptz not null default now(),
  check ((maintenance_message is null) = (maintenance_retry_seconds is null))
);

insert into runtime_settings default values;

-- Every change bumps the revision, whoever makes it, and tells every process: psql is an operator's tool too.
create function runtime_settings_changed() returns trigger language plpgsql as $$
begin
  new.revision := old.revision + 1;
  new.changed_at := now();
  perform pg_notify('runtime_settings', new.revision::text);
  return new;
end
$$;

create trigger runtime_settings_changed before update on runtime_settings
  for each row execute function runtime_settings_changed();
