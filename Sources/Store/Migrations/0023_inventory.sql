-- What an installation sells itself: rooms by the night and seats by the run, and what is held or sold of them.

-- A room belongs to one stay at a time, which PostgreSQL itself sees to. The extension comes with its contrib package.
do $$
begin
  create extension if not exists btree_gist;
exception
  when insufficient_privilege then
    raise exception 'the inventory needs the extension btree_gist, which this role may not create: have an administrator run "create extension btree_gist" in this database, then migrate again'
      using errcode = 'insufficient_privilege';
  when undefined_file or feature_not_supported then
    raise exception 'the inventory needs the extension btree_gist, which is not installed on the server: install the contrib package of PostgreSQL, then migrate again'
      using errcode = 'feature_not_supported';
end
$$;

create table inventory_room (
  id text collate "C" primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
  -- What the place is searched by.
  place text collate "C" not null check (place ~ '^[A-Z0-9]{2,12}$'),
  house text not null check (length(house) between 1 and 100),
  -- The room and board.
  rate text not null check (length(rate) between 1 and 100),
  sleeps smallint not null check (sleeps between 1 and 20),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  night_price bigint not null check (night_price > 0),
  -- Given back for nothing until so many days before the first night; null where nothing is paid back.
  free_days smallint check (free_days between 0 and 365),
  is_on_sale boolean not null,
  changed_at timestamptz not null default now()
);
create index inventory_room_place on inventory_room (place, house, id) where is_on_sale;

-- A train or a coach on a day, whose seats are counted.
create table inventory_run (
  id text collate "C" primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
  kind text not null check (kind in ('rail', 'coach')),
  origin text collate "C" not null check (origin ~ '^[A-Z0-9]{2,12}$'),
  destination text collate "C" not null check (destination ~ '^[A-Z0-9]{2,12}$'),
  -- By the clocks where it leaves.
  day date not null,
  departure timestamptz not null,
  arrival timestamptz not null check (arrival > departure),
  carrier text not null check (length(carrier) between 1 and 60),
  number text not null check (length(number) between 1 and 20),
  seats int not null check (seats between 0 and 100000),
  -- Held and sold; what is held and ran out counts until somebody comes by.
  taken int not null default 0 check (taken >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  seat_price bigint not null check (seat_price > 0),
  free_days smallint check (free_days between 0 and 365),
  is_on_sale boolean not null,
  changed_at timestamptz not null default now(),
  constraint inventory_run_seats check (taken <= seats)
);
create index inventory_run_way on inventory_run (kind, origin, destination, day) where is_on_sale;

-- What was ordered under a reference.
create table inventory_sale (
  reference text primary key check (reference ~ '^WF-[0-9A-HJKMNP-TV-Z]{13}$'),
  offer text not null check (length(offer) between 3 and 2000),
  state text not null check (state in ('held', 'sold', 'returned', 'lapsed')),
  held_until timestamptz,
  run_id text collate "C" references inventory_run,
  seats int check (seats > 0),
  -- The first night, or the day of the run.
  first date not null,
  free_days smallint,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  price bigint not null check (price > 0),
  refunded bigint not null default 0 check (refunded between 0 and price),
  version bigint not null default 1,
  made_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  check ((state = 'held') = (held_until is not null) and (run_id is null) = (seats is null))
);
create index inventory_sale_run on inventory_sale (run_id, held_until) where state = 'held' and run_id is not null;

-- The nights for which a room is held or sold; gone when they are let go.
create table inventory_night (
  reference text not null references inventory_sale,
  room_id text collate "C" not null references inventory_room,
  nights daterange not null check (not isempty(nights) and not lower_inf(nights) and not upper_inf(nights)),
  primary key (reference, room_id),
  constraint inventory_room_once exclude using gist (room_id with =, nights with &&)
);
