-- Who signs in by a provider, addresses that are being changed, and trips that somebody has saved.

-- Somebody as a provider knows them: its issuer and the subject that it never gives to another.
create table account_identity (
  id uuid primary key default gen_random_uuid(),
  issuer text not null check (length(issuer) between 1 and 500),
  subject text not null check (length(subject) between 1 and 255),
  account_id uuid not null references account on delete cascade,
  email text check (length(email) between 3 and 254),
  created_at timestamptz not null default now(),
  used_at timestamptz not null default now(),
  unique (issuer, subject)
);
create index account_identity_account on account_identity (account_id);

-- Sign-ins by providers that were answered, so that no answer serves twice.
create table sign_in_used (
  state_hash bytea primary key check (length(state_hash) = 32),
  expires_at timestamptz not null
);
create index sign_in_used_expiry on sign_in_used (expires_at);

-- New addresses of accounts until their mail is answered.
create table address_change (
  token_hash bytea primary key check (length(token_hash) = 32),
  account_id uuid not null references account on delete cascade,
  email text not null check (length(email) between 3 and 254),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index address_change_account on address_change (account_id);

-- Trips that somebody keeps an eye on, whether or not they take part.
create table saved_trip (
  account_id uuid not null references account on delete cascade,
  trip_id uuid not null references trip_state on delete cascade,
  saved_at timestamptz not null default now(),
  note text check (length(note) between 1 and 500),
  primary key (account_id, trip_id)
);
create index saved_trip_trip on saved_trip (trip_id);
