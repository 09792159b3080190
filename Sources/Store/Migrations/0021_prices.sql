-- What searches showed of prices, who wants to hear of a fall, and the telephones on which people hear of things.

-- The newest price of each search. Its name says all that was looked for; the route is the name without the day.
create table price_latest (
  search text primary key check (length(search) between 5 and 120),
  route text not null,
  date date not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  price bigint not null check (price > 0),
  offers int not null check (offers >= 1),
  is_complete boolean not null,
  seen_at timestamptz not null,
  -- When something was last written to the history: a price that stays is written once an hour.
  noted_at timestamptz not null
) with (fillfactor = 70);
create index price_latest_route on price_latest (route, date);
create index price_latest_date on price_latest (date);

-- The history, a part for each month; what no part was made for in time goes to the last one.
create table price_sighting (
  search text not null,
  route text not null,
  date date not null,
  price bigint not null check (price > 0),
  is_complete boolean not null,
  seen_at timestamptz not null
) partition by range (seen_at);
create index price_sighting_search on price_sighting (search, seen_at);
create index price_sighting_route on price_sighting (route, date, seen_at);
create table price_sighting_default partition of price_sighting default;

-- Who wants to hear of a search's price.
create table price_alert (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account on delete cascade,
  search text not null check (length(search) between 5 and 120),
  date date not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- One of both: so much or less, or so many hundredths less than the highest price since the last fall.
  limit_price bigint check (limit_price > 0),
  fall_percent smallint check (fall_percent between 1 and 90),
  highest bigint,
  is_armed boolean not null default true,
  falls int not null default 0 check (falls >= 0),
  last_price bigint,
  told_at timestamptz,
  -- When sellers were last asked on its behalf.
  asked_at timestamptz,
  created_at timestamptz not null default now(),
  check ((limit_price is null) <> (fall_percent is null))
);
create index price_alert_account on price_alert (account_id, created_at, id);
create index price_alert_search on price_alert (search);
create index price_alert_date on price_alert (date);

-- Telephones and tablets on which an app of ours shows what somebody is told.
create table device (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account on delete cascade,
  platform text not null check (platform in ('apple', 'firebase')),
  -- What the platform knows it by; whoever shows it last has it.
  token text not null check (length(token) between 8 and 4096),
  name text not null default '' check (length(name) <= 100),
  created_at timestamptz not null default now(),
  unique (platform, token)
);
create index device_account on device (account_id, created_at);

-- The number that texts go to, once its owner has shown that they read them.
create table account_phone (
  account_id uuid primary key references account on delete cascade,
  number text check (number ~ '^\+[1-9][0-9]{6,14}$'),
  -- A number that is to be confirmed, and the digest of the code that went there.
  wanted text check (wanted ~ '^\+[1-9][0-9]{6,14}$'),
  code_digest bytea check (length(code_digest) = 32),
  code_until timestamptz,
  tries smallint not null default 0 check (tries >= 0),
  check ((wanted is null) = (code_digest is null) and (wanted is null) = (code_until is null))
);
