-- Who has an account, how they show it, what they may do, and what was done.

create table account (
  id uuid primary key default gen_random_uuid(),
  -- As it was given; compared without regard to case. Whoever has an account has shown that its mail reaches them.
  email text not null check (length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 100),
  -- argon2id, as libsodium writes it; null for who only signs in elsewhere.
  password_hash text check (length(password_hash) between 20 and 200),
  created_at timestamptz not null default now()
);
create unique index account_email on account (lower(email));

-- Addresses that somebody wants an account for, until their mail is answered. Several may wait for one address: only who
-- reads its mail turns one of them into the account.
create table registration (
  token_hash bytea primary key check (length(token_hash) = 32),
  email text not null check (length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 100),
  password_hash text not null check (length(password_hash) between 20 and 200),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index registration_email on registration (lower(email));
create index registration_expiry on registration (expires_at);

create table password_reset (
  token_hash bytea primary key check (length(token_hash) = 32),
  account_id uuid not null references account on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index password_reset_account on password_reset (account_id);

-- How often something was tried, by a digest of what it was tried with: whether there is such an account plays no part.
create table attempt (
  kind text not null check (kind in ('account', 'network', 'mail')),
  name bytea not null check (length(name) = 32),
  count int not null check (count >= 0),
  last_at timestamptz not null,
  blocked_until timestamptz,
  primary key (kind, name)
);
create index attempt_age on attempt (last_at);

-- A sign-in that lasts. Its line of refresh tokens is numbered; one of them is present.
create table session (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account on delete cascade,
  -- When password and second factor were shown last.
  authenticated_at timestamptz not null default now(),
  has_second_factor bool not null,
  user_agent text check (length(user_agent) <= 300),
  address text check (length(address) <= 60),
  created_at timestamptz not null default now(),
  used_at timestamptz not null default now(),
  present_number bigint not null default 1 check (present_number >= 1),
  revoked_at timestamptz,
  revoked_because text check (revoked_because in
    ('logout', 'owner', 'reuse', 'password', 'second-factor', 'displaced')),
  check ((revoked_at is null) = (revoked_because is null))
);
create index session_account on session (account_id) where revoked_at is null;

create table refresh_token (
  token_hash bytea primary key check (length(token_hash) = 32),
  session_id uuid not null references session on delete cascade,
  number bigint not null check (number >= 1),
  spent_at timestamptz,
  -- The next token, sealed under this one: who shows this one again within the grace is given the same next.
  next_sealed bytea,
  unique (session_id, number)
);

create table signing_key (
  id text primary key check (length(id) between 1 and 100),
  public_key bytea not null check (length(public_key) = 32),
  -- Under the installation's master key, which is in no database.
  sealed_seed bytea not null,
  created_at timestamptz not null default now()
);

create table second_factor (
  account_id uuid primary key references account on delete cascade,
  sealed_secret bytea not null,
  -- Null until a first code has been shown.
  confirmed_at timestamptz,
  -- The last step whose code was used; a code serves once.
  last_step bigint,
  created_at timestamptz not null default now()
);

create table recovery_code (
  account_id uuid not null references account on delete cascade,
  code_hash bytea not null check (length(code_hash) = 32),
  used_at timestamptz,
  primary key (account_id, code_hash)
);

create table organisation (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 100),
  created_at timestamptz not null default now()
);

create table organisation_member (
  organisation_id uuid not null references organisation on delete cascade,
  account_id uuid not null references account on delete cascade,
  role text not null check (role in ('member', 'admin', 'owner')),
  joined_at timestamptz not null default now(),
  primary key (organisation_id, account_id)
);
create index organisation_member_account on organisation_member (account_id);

-- Who was asked to join; only who reads the mail, with an account of that address, does.
create table organisation_invitation (
  token_hash bytea primary key check (length(token_hash) = 32),
  organisation_id uuid not null references organisation on delete cascade,
  email text not null check (length(email) between 3 and 254),
  role text not null check (role in ('member', 'admin', 'owner')),
  invited_by uuid references account on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create unique index organisation_invitation_email on organisation_invitation (organisation_id, lower(email));

-- Keys of programs. The key is random and long, so that a plain digest is enough.
create table api_key (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references organisation on delete cascade,
  key_hash bytea not null unique check (length(key_hash) = 32),
  -- How the key begins, to tell keys apart.
  hint text not null check (length(hint) between 1 and 20),
  name text not null check (length(name) between 1 and 100),
  scopes text[] not null check (cardinality(scopes) between 1 and 20),
  created_by uuid references account on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_key_organisation on api_key (organisation_id);

-- What somebody tells about themselves, each as the JSON object that is told.
create table account_profile (
  account_id uuid primary key references account on delete cascade,
  profile json not null default '{}' check (json_typeof(profile) = 'object'),
  preferences json not null default '{}' check (json_typeof(preferences) = 'object'),
  revision bigint not null default 1,
  changed_at timestamptz not null default now()
);

-- What a payment provider calls somebody's means of payment; never a number of a card.
create table payment_method (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account on delete cascade,
  provider text not null check (provider ~ '^[a-z][a-z0-9_-]{0,39}$'),
  token text not null check (length(token) between 1 and 200 and token !~ '^[0-9 .-]{13,}$'),
  label text not null check (length(label) between 1 and 100),
  created_at timestamptz not null default now(),
  unique (account_id, provider, token)
);

-- What a request with an Idempotency-Key has made; cleared away after a day.
create table account_request (
  caller uuid not null references account on delete cascade,
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null,
  made uuid not null,
  created_at timestamptz not null default now(),
  primary key (caller, key)
);

-- What was done, for good: an entry is added, never changed or taken away. Each digest is of the entry and of the digest
-- before it. No foreign keys: what is told of here may be gone.
create table audit_entry (
  number bigint primary key check (number >= 1),
  at timestamptz not null,
  actor uuid,
  subject text not null check (length(subject) between 1 and 100),
  action text not null check (action ~ '^[a-z][a-z0-9_.-]{0,99}$'),
  network text check (length(network) <= 60),
  details text not null check (length(details) <= 4000),
  digest bytea not null check (length(digest) = 32)
);
create index audit_entry_actor on audit_entry (actor, number);
create index audit_entry_subject on audit_entry (subject, number);

-- The end of the chain; whoever adds holds it.
create table audit_head (
  id bool primary key default true check (id),
  number bigint not null default 0,
  digest bytea not null default decode(repeat('00', 32), 'hex')
);
insert into audit_head default values;

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end $$;
create trigger audit_entry_is_append_only before update or delete on audit_entry
  for each row execute function audit_is_append_only();
create trigger audit_entry_is_never_emptied before truncate on audit_entry
  for each statement execute function audit_is_append_only();
create trigger audit_head_stays before delete on audit_head
  for each row execute function audit_is_append_only();
