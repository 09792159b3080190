-- Trips that people plan together: the document, its log, who takes part, what is said about it, and what is attached.

-- What a trip says. A trip that was only planned for (see itinerary) has no row here.
create table trip_state (
  trip_id uuid primary key references trip on delete cascade,
  -- The last place of the log. Whoever writes holds this row, so that the order of commits is the order of the log.
  seq bigint not null default 0 check (seq >= 0),
  -- The last place of the log that changed the document: its version.
  revision bigint not null default 0 check (revision <= seq),
  -- Places up to this one have been cleared away.
  log_start bigint not null default 0,
  -- As people see it, and all of it.
  document json not null check (json_typeof(document) = 'object'),
  stored json not null check (json_typeof(stored) = 'object'),
  is_public boolean not null default false,
  is_template boolean not null default false,
  created_by uuid references account on delete set null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  -- When it was put into the trash.
  trashed_at timestamptz
);
create index trip_state_templates on trip_state (trip_id) where is_template and is_public;

create table trip_member (
  trip_id uuid not null references trip_state on delete cascade,
  account_id uuid not null references account on delete cascade,
  role text not null check (role in ('owner', 'editor', 'commenter', 'viewer')),
  joined_at timestamptz not null default now(),
  primary key (trip_id, account_id)
);
create index trip_member_account on trip_member (account_id, trip_id);

-- An invitation to take part, by whoever holds its token; of tokens only digests are kept.
create table trip_invite (
  id uuid primary key default gen_random_uuid(),
  trip_id uuid not null references trip_state on delete cascade,
  role text not null check (role in ('editor', 'commenter', 'viewer')),
  digest bytea not null unique,
  -- Only who has this address can accept; anybody where there is none.
  email text check (length(email) between 3 and 254),
  created_by uuid references account on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index trip_invite_trip on trip_invite (trip_id);

-- A link through which anybody may read.
create table trip_link (
  id uuid primary key default gen_random_uuid(),
  trip_id uuid not null references trip_state on delete cascade,
  digest bytea not null unique,
  created_by uuid references account on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz
);
create index trip_link_trip on trip_link (trip_id);

-- The log: edits with what they came to, and what else happened. No place is ever left out.
create table trip_op (
  trip_id uuid not null references trip_state on delete cascade,
  seq bigint not null check (seq >= 1),
  kind text not null check (length(kind) between 1 and 40),
  author uuid references account on delete set null,
  -- Which of the author's devices it came from.
  client_id text check (length(client_id) between 1 and 64),
  mutation_id text check (length(mutation_id) between 1 and 255),
  at timestamptz not null default now(),
  body json not null check (json_typeof(body) = 'object'),
  primary key (trip_id, seq)
);

-- What became of everything a client has asked for, refusals included, so that what is asked again is answered the same.
create table trip_mutation (
  trip_id uuid not null references trip_state on delete cascade,
  client_id text not null check (length(client_id) between 1 and 64),
  mutation_id text not null check (length(mutation_id) between 1 and 255),
  author uuid not null references account on delete cascade,
  digest bytea not null,
  result json not null check (json_typeof(result) = 'object'),
  at timestamptz not null default now(),
  primary key (trip_id, client_id, mutation_id)
);

-- Requests that made a trip, so that one that is sent again makes no second.
create table trip_creation (
  account_id uuid not null references account on delete cascade,
  key text not null check (length(key) between 1 and 255),
  digest bytea not null,
  trip_id uuid not null references trip on delete cascade,
  at timestamptz not null default now(),
  primary key (account_id, key)
);

create table trip_comment (
  id uuid primary key,
  trip_id uuid not null references trip_state on delete cascade,
  -- What it answers.
  parent_id uuid references trip_comment on delete cascade,
  -- The day or item that it is about; not a key, because items live in the document.
  entry_id uuid,
  author uuid references account on delete set null,
  text text check (length(text) between 1 and 4000),
  mentions uuid[] not null default '{}',
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  -- Its text is gone then; answers to it stay.
  deleted_at timestamptz,
  check ((text is null) = (deleted_at is not null))
);
create index trip_comment_trip on trip_comment (trip_id, created_at, id);

-- What people think of an item, or of an option of an itinerary.
create table trip_vote (
  trip_id uuid not null references trip_state on delete cascade,
  subject text not null check (length(subject) between 1 and 80),
  account_id uuid not null references account on delete cascade,
  value smallint not null check (value in (-1, 1)),
  at timestamptz not null default now(),
  primary key (trip_id, subject, account_id)
);

-- Who looks where right now; lost with a crash, as it may be.
create unlogged table trip_presence (
  trip_id uuid not null,
  account_id uuid not null,
  client_id text not null check (length(client_id) between 1 and 64),
  entry_id uuid,
  seen_at timestamptz not null default now(),
  primary key (trip_id, account_id, client_id)
);

create table trip_expense (
  id uuid primary key,
  trip_id uuid not null references trip_state on delete cascade,
  document json not null check (json_typeof(document) = 'object'),
  author uuid references account on delete set null,
  created_at timestamptz not null default now()
);
create index trip_expense_trip on trip_expense (trip_id, created_at, id);

create table trip_attachment (
  id uuid primary key,
  trip_id uuid not null references trip_state on delete cascade,
  entry_id uuid,
  name text not null check (length(name) between 1 and 200),
  media_type text not null check (length(media_type) between 3 and 100),
  bytes bytea not null check (length(bytes) between 1 and 10485760),
  author uuid references account on delete set null,
  created_at timestamptz not null default now()
);
create index trip_attachment_trip on trip_attachment (trip_id, created_at, id);
