-- Trips, the itineraries that were planned for them, what was selected and is to be booked, and events for the outside.

-- What itineraries, and in time members and items, belong to. Its id is the caller's own or made here.
create table trip (
  id uuid primary key,
  created_at timestamptz not null default now()
);

-- What was asked for a trip, and once it is planned what is told of all its options. Whether it is being planned, was
-- given up or cancelled is told by its job alone.
create table itinerary (
  id uuid primary key default gen_random_uuid(),
  trip_id uuid not null references trip on delete cascade,
  -- The order within the trip.
  number int not null check (number >= 1),
  job_id bigint not null unique,
  request json not null check (json_typeof(request) = 'object'),
  created_at timestamptz not null default now(),
  planned_at timestamptz,
  summary json check (json_typeof(summary) = 'object'),
  -- Who travels, and in how many rooms.
  travellers json check (json_typeof(travellers) = 'object'),
  -- Grows by one with every change to an option, and with the selection.
  revision bigint not null default 1,
  changed_at timestamptz not null default now(),
  unique (trip_id, number),
  check ((planned_at is null) = (summary is null) and (planned_at is null) = (travellers is null))
);

-- A whole trip to choose, as it is told.
create table itinerary_option (
  itinerary_id uuid not null references itinerary on delete cascade,
  number smallint not null check (number >= 1),
  document json not null check (json_typeof(document) = 'object'),
  -- Numbers that were given to what is done on its days; none is given twice.
  activity_count int not null check (activity_count >= 0),
  primary key (itinerary_id, number)
);

-- The option that a trip is booked from: one for each trip. What is selected cannot be deleted.
create table itinerary_selection (
  trip_id uuid primary key references trip,
  itinerary_id uuid not null,
  option_number smallint not null,
  notification_job_id bigint not null,
  selected_at timestamptz not null default now(),
  foreign key (itinerary_id, option_number) references itinerary_option (itinerary_id, number)
);

-- What a selection wants booked: a journey or some nights under a roof each.
create table booking_item (
  -- What we call it towards those who sell it: the same however often it is tried.
  reference text primary key check (reference ~ '^WF-[0-9A-HJKMNP-TV-Z]{13}$'),
  trip_id uuid not null references itinerary_selection,
  -- The order within the trip.
  number smallint not null check (number >= 1),
  kind text not null check (kind in ('leg', 'stay')),
  job_id bigint not null unique,
  -- What, when and at which price.
  details json not null check (json_typeof(details) = 'object'),
  unique (trip_id, number)
);

-- Events for whoever listens outside, stored with the change that they tell of. A relay reads them by id; of one key,
-- the order of ids is the order of commits, because whoever writes holds the key's row. What nobody took is cleared away.
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null check (topic ~ '^[a-z][a-z0-9.-]{0,59}$'),
  key text not null check (length(key) between 1 and 200),
  kind text not null check (kind ~ '^[a-z][a-z0-9_.-]{0,99}$'),
  payload json not null,
  trace text check (length(trace) <= 100),
  created_at timestamptz not null default now()
);
create index outbox_age on outbox (created_at);
