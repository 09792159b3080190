-- What things cost according to those who run the installation: goes before the tables of the program.
create table budget_default (
  id bigint generated always as identity primary key,
  scope text not null check (char_length(scope) between 1 and 100),
  category text not null check (category ~ '^[a-z0-9-]{1,40}$'),
  -- Empty for every style.
  style text not null check (char_length(style) <= 100),
  what text not null check (char_length(what) between 1 and 100),
  unit text not null check (unit in ('person', 'room', 'group')),
  period text not null check (period in ('night', 'day', 'trip')),
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  spread double precision check (spread between 0 and 2),
  -- Prices of their own for kinds of travellers, in minor units of the same currency.
  traveller_kinds text[] not null default '{}',
  traveller_amounts_minor bigint[] not null default '{}',
  created_at timestamptz not null default now(),
  unique (scope, category, style, what),
  check (cardinality(traveller_kinds) = cardinality(traveller_amounts_minor))
);

-- One row: it grows with every change, so that a process asks for one number and reads the defaults only when it grew.
create table budget_default_revision (
  singleton boolean primary key default true check (singleton),
  revision bigint not null default 0
);

insert into budget_default_revision default values;

-- A trigger, because psql is an operator's tool too. The row's lock also makes changes wait for one another.
create function budget_default_changed() returns trigger language plpgsql as $$
begin
  update budget_default_revision set revision = revision + 1;
  return null;
end
$$;

create trigger budget_default_changed after insert or update or delete or truncate on budget_default
  for each statement execute function budget_default_changed();

-- What is asked about a trip's money: the trip and the changes that make scenarios, as they were sent. The trip's id is
-- the caller's own. What it all costs is reckoned when somebody looks, with the prices and rates of that day.
create table trip_budget (
  trip_id text primary key check (trip_id ~ '^[A-Za-z0-9_.-]{1,100}$'),
  request json not null check (json_typeof(request) = 'object' and octet_length(request::text) <= 1048576),
  revision bigint not null default 1,
  changed_at timestamptz not null default now()
);

create function trip_budget_changed() returns trigger language plpgsql as $$
begin
  new.revision := old.revision + 1;
  new.changed_at := now();
  return new;
end
$$;

create trigger trip_budget_changed before update on trip_budget
  for each row execute function trip_budget_changed();
