-- What people were told, through which channels, and what came of it; and where programs want to hear of events.

-- Everybody's feed. What is told twice under one key is told once.
create table notification (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account on delete cascade,
  key text not null check (length(key) between 1 and 200),
  kind text not null check (kind ~ '^[a-z][a-z0-9.-]{0,59}$'),
  -- What the words of its kind have places for.
  facts json not null check (json_typeof(facts) = 'object'),
  trip_id uuid references trip on delete cascade,
  -- The order of the feed.
  seq bigint generated always as identity unique,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  unique (account_id, key)
);
create index notification_feed on notification (account_id, seq desc);
create index notification_unread on notification (account_id) where read_at is null;
create index notification_age on notification (created_at);

-- What went out, or is to: one row for each message and channel. Its id is in the mail's Message-ID, so that a mail that
-- is sent again after a crash can be told.
create table notification_delivery (
  id uuid primary key default gen_random_uuid(),
  -- Null for what is told to an address rather than to somebody's feed, and for digests.
  notification_id uuid references notification on delete cascade,
  account_id uuid references account on delete cascade,
  channel text not null check (channel in ('email', 'push', 'sms')),
  kind text not null check (kind ~ '^[a-z][a-z0-9.-]{0,59}$'),
  -- held: until its digest goes; sending: a try has begun, whose end nobody has told yet.
  state text not null check (state in ('waiting', 'held', 'digested', 'sending', 'sent', 'failed', 'skipped')),
  digest_id uuid references notification_delivery on delete set null,
  -- The job of a letter, which has no row before it was sent.
  job_id bigint unique,
  attempts int not null default 0 check (attempts >= 0),
  -- What the receiver said, or why nothing was sent.
  result text check (length(result) <= 500),
  created_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (notification_id, channel),
  check ((ended_at is null) = (state in ('waiting', 'held', 'digested', 'sending')))
);
create index notification_delivery_held on notification_delivery (account_id, due_at) where state = 'held';
create index notification_delivery_digest on notification_delivery (digest_id) where digest_id is not null;
create index notification_delivery_age on notification_delivery (created_at);

-- Addresses that nobody reads any more, as their servers said. Only what guards an account still goes there.
create table mail_bounce (
  -- In small letters.
  address text primary key check (length(address) between 3 and 254 and address = lower(address)),
  reason text not null check (length(reason) <= 500),
  at timestamptz not null default now()
);

-- Where somebody's programs want to hear of events.
create table webhook_endpoint (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account on delete cascade,
  url text not null check (length(url) between 8 and 2000),
  description text not null default '' check (length(description) <= 200),
  -- Kinds of events; empty for all.
  events text[] not null default '{}' check (cardinality(events) <= 50),
  -- Under the installation's master key, which is in no database.
  sealed_secret bytea not null,
  -- The secret before, with which is signed too until then.
  sealed_previous bytea,
  previous_until timestamptz,
  failing_since timestamptz,
  failures int not null default 0 check (failures >= 0),
  disabled_at timestamptz,
  disabled_because text check (length(disabled_because) <= 200),
  created_at timestamptz not null default now(),
  check ((sealed_previous is null) = (previous_until is null)),
  check ((disabled_at is null) = (disabled_because is null))
);
create index webhook_endpoint_account on webhook_endpoint (account_id, created_at);

-- Events on their way to an endpoint. Those of one endpoint and key go one after the other, in the order of their places.
create table webhook_delivery (
  -- What the receiver knows it by, however often it is sent.
  id uuid primary key default gen_random_uuid(),
  endpoint_id uuid not null references webhook_endpoint on delete cascade,
  seq bigint generated always as identity unique,
  key text not null check (length(key) between 1 and 200),
  kind text not null check (kind ~ '^[a-z][a-z0-9_.-]{0,99}$'),
  -- The body as it is signed and sent.
  body text not null check (length(body) <= 262144),
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  attempts int not null default 0 check (attempts >= 0),
  status smallint,
  error text check (length(error) <= 500),
  created_at timestamptz not null default now(),
  tried_at timestamptz,
  ended_at timestamptz,
  check ((ended_at is null) = (state = 'waiting'))
);
-- When an event was put into the lines of endpoints; it stays for whoever else listens.
alter table outbox add column webhooks_at timestamptz;
create index outbox_webhooks on outbox (id) where webhooks_at is null;

create index webhook_delivery_line on webhook_delivery (endpoint_id, key, seq) where state = 'waiting';
create index webhook_delivery_log on webhook_delivery (endpoint_id, seq desc);
create index webhook_delivery_age on webhook_delivery (created_at);
