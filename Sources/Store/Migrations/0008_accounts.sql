-- Who has an account.

create table account (
  id uuid primary key default gen_random_uuid(),
  -- As it was given; compared without regard to case.
  email text not null check (length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 100),
  created_at timestamptz not null default now()
);
create unique index account_email on account (lower(email));
