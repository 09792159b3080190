-- What those who collect money said of payments, of whom nobody can ask it again: kept once under its name.
create table payment_note (
  number bigint generated always as identity primary key,
  reference text not null references payment,
  collector text not null check (length(collector) between 1 and 40),
  name text not null check (length(name) between 1 and 200),
  body json not null,
  at timestamptz not null default now(),
  unique (reference, collector, name)
);
