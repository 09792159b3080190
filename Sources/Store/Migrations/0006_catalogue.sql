-- The catalogue: cities, what there is to see, where one can stay; each record with its source and licence.

-- Names that are mistyped are found by their trigrams. The extension comes with PostgreSQL's contrib package.
do $$
begin
  create extension if not exists pg_trgm;
exception
  when insufficient_privilege then
    raise exception 'the catalogue needs the extension pg_trgm, which this role may not create: have an administrator run "create extension pg_trgm" in this database, then migrate again'
      using errcode = 'insufficient_privilege';
  when undefined_file or feature_not_supported then
    raise exception 'the catalogue needs the extension pg_trgm, which is not installed on the server: install the contrib package of PostgreSQL, then migrate again'
      using errcode = 'feature_not_supported';
end
$$;

create table catalogue_source (
  name text primary key check (name ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
  licence text not null check (char_length(licence) between 1 and 200),
  imported_at timestamptz not null default now()
);

create table catalogue_place (
  id text collate "C" primary key check (char_length(id) <= 300 and id ~ '^[^[:space:]]+$'),
  -- The order within the source, which plans follow.
  number bigint not null,
  source text not null references catalogue_source,
  licence text not null check (char_length(licence) between 1 and 200),
  kind text not null check (kind in ('city', 'sight', 'lodging')),
  name text not null check (char_length(name) between 1 and 300),
  -- The name without accents and case, and the words that find it: A those of the name, B those of what it is and where.
  folded text collate "C" not null,
  words tsvector not null,
  -- Degrees east, then degrees north.
  location point not null check (location[0] between -180 and 180 and location[1] between -90 and 90),
  -- Looked at when a transaction ends, because a source is replaced as a whole.
  city text collate "C" references catalogue_place deferrable initially deferred,
  category text not null check (category ~ '^[a-z0-9_-]{1,40}$'),
  score smallint not null check (score between 1 and 100),
  country text check (country ~ '^[A-Z]{2}$'),
  zone text check (char_length(zone) between 1 and 60),
  tags text[] check (cardinality(tags) <= 30),
  hours text check (char_length(hours) <= 2000),
  minutes smallint check (minutes between 1 and 1440),
  style text check (char_length(style) between 1 and 40),
  price_minor bigint check (price_minor >= 0),
  currency text check (currency ~ '^[A-Z]{3}$'),
  check ((kind = 'city') = (country is not null) and (kind = 'city') = (zone is not null)),
  check ((kind = 'city') = (category = 'city') and (kind = 'lodging') = (category = 'lodging')),
  check ((kind = 'sight') = (tags is not null) and (kind = 'sight') = (hours is not null)),
  check ((kind = 'sight') = (minutes is not null) and (kind = 'lodging') = (style is not null)),
  check ((kind <> 'city') = (price_minor is not null) and (kind <> 'city') = (currency is not null)),
  check (kind <> 'city' or city is null),
  check (kind <> 'lodging' or city is not null)
);

-- Without a list of pending entries, which every search would have to read.
create index catalogue_place_words on catalogue_place using gin (words) with (fastupdate = off);
create index catalogue_place_folded on catalogue_place using gin (folded gin_trgm_ops) with (fastupdate = off);
create index catalogue_place_location on catalogue_place using gist (location);
create index catalogue_place_city on catalogue_place (city);
create index catalogue_place_source on catalogue_place (source);

-- Metres along the great circle.
create function catalogue_metres(a point, b point) returns double precision language sql immutable strict parallel safe
as $$
  select 12742017.6 * asin(sqrt(least(1,
    sind((b[1] - a[1]) / 2) ^ 2 + cosd(a[1]) * cosd(b[1]) * sind((b[0] - a[0]) / 2) ^ 2)))
$$;

-- What a mistyped name may mean, the most alike first. The limit is one at which a name of six letters may lack one.
create function catalogue_alike(typed text, wanted int) returns setof catalogue_place language sql stable
  set pg_trgm.word_similarity_threshold = 0.49
as $$
  select * from catalogue_place where typed <% folded
  order by similarity(folded, typed) desc, id limit wanted
$$;
