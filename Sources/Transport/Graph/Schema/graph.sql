-- The transit graph: every row of every feed, checked and typed.
--
-- Names are those of GTFS: a table is called after its file and a column after its field, with three differences.
--   * A column called after a thing (stop, trip, route, feed) holds our number of it; `…_id` holds the feed's own text,
--     which is unique only within its feed. Numbers run from 0 without gaps: feeds by name, then rows as in the file.
--     They hold for this file only, as the next import may number anew.
--   * Times are seconds from the start of the service day (noon minus twelve hours), and may exceed 24 hours.
--     The views at the end show them as text. Dates are text, 2026-06-01.
--   * What is empty in the feed is null; what GTFS gives a default has the default.
--
-- Rows that cannot be used are not here; the table `notices` says which, why, and what to do about it.

create table feeds (
  feed integer primary key,
  name text not null,                -- as in `wayfare feed add NAME`
  source text not null,              -- the file or folder it was read from, without its path
  source_bytes integer not null,     -- uncompressed, of all files that were read
  fingerprint text not null,         -- of all bytes that were read: equal for equal feeds
  first_date text,                   -- the first and the last day on which anything runs
  last_date text
) strict;

create table feed_info (
  feed integer primary key references feeds,
  feed_publisher_name text,
  feed_publisher_url text,
  feed_lang text,
  default_lang text,
  feed_start_date text,
  feed_end_date text,
  feed_version text,
  feed_contact_email text,
  feed_contact_url text
) strict;

-- What was found wrong: at most a hundred examples of a kind and feed, `notice_counts` has the number of all.
create table notices (
  feed integer not null references feeds,
  severity text not null check (severity in ('error', 'warning', 'note')),
  code text not null,                -- as documented in docs/feeds.md
  file text,
  line integer,                      -- from 1, the header line
  field text,
  value text,                        -- what stands there, cut to 100 characters
  message text not null              -- what is wrong, what follows from it, and the mend
) strict;

create table notice_counts (
  feed integer not null references feeds,
  severity text not null,
  code text not null,
  count integer not null
) strict;

create table agency (
  agency integer primary key,
  feed integer not null references feeds,
  agency_id text not null,           -- empty when the feed has only one and leaves it out
  agency_name text not null,
  agency_url text,
  agency_timezone text not null,     -- the zone of all times of its trips
  agency_lang text,
  agency_phone text,
  agency_fare_url text,
  agency_email text
) strict;

create table levels (
  level integer primary key,
  feed integer not null references feeds,
  level_id text not null,
  level_index real not null,         -- 0 is the ground, below is negative
  level_name text
) strict;

create table stops (
  stop integer primary key,
  feed integer not null references feeds,
  stop_id text not null,
  stop_code text,
  stop_name text,
  stop_desc text,
  stop_lat real,                     -- null only for location types 3 and 4
  stop_lon real,
  zone_id text,                      -- fare zone, of fare_rules
  stop_url text,
  location_type integer not null check (location_type between 0 and 4),
                                     -- 0 stop or platform, 1 station, 2 entrance, 3 node, 4 boarding area
  parent_station integer references stops (stop),
  stop_timezone text,                -- the parent's or null: then the zone of the agency
  wheelchair_boarding integer not null check (wheelchair_boarding between 0 and 2),
                                     -- 0 unknown, 1 possible, 2 not; a platform's unknown is its station's
  level integer references levels,
  platform_code text,
  tts_stop_name text,
  stop_access integer                -- 0 only through the station, 1 from the street; of platforms
) strict;

create table networks (
  network integer primary key,
  feed integer not null references feeds,
  network_id text not null,
  network_name text
) strict;

create table routes (
  route integer primary key,
  feed integer not null references feeds,
  route_id text not null,
  agency integer not null references agency,
  route_short_name text,
  route_long_name text,
  route_desc text,
  route_type integer not null,       -- as in the feed, basic or extended
  mode text not null,                -- bus, coach, trolleybus, tram, metro, rail, monorail, cable_tram, funicular,
                                     -- gondola, ferry, flight, taxi, other: from route_type
  route_url text,
  route_color text,                  -- six hexadecimal digits, capital
  route_text_color text,
  route_sort_order integer,
  continuous_pickup integer not null,    -- 0 anywhere along the way, 1 not, 2 phone first, 3 ask the driver
  continuous_drop_off integer not null
) strict;

create table route_networks (
  network integer not null references networks,
  route integer not null references routes
) strict;

-- Sets of days; `service_days` lists the days themselves.
create table services (
  service integer primary key,
  feed integer not null references feeds,
  service_id text not null
) strict;

create table calendar (
  service integer primary key references services,
  monday integer not null,
  tuesday integer not null,
  wednesday integer not null,
  thursday integer not null,
  friday integer not null,
  saturday integer not null,
  sunday integer not null,
  start_date text not null,
  end_date text not null
) strict;

create table calendar_dates (
  service integer not null references services,
  date text not null,
  exception_type integer not null check (exception_type in (1, 2)),  -- 1 runs in addition, 2 does not run
  primary key (service, date)
) strict, without rowid;

create table shapes (
  shape integer primary key,
  feed integer not null references feeds,
  shape_id text not null
) strict;

create table shape_points (
  shape integer not null references shapes,
  position integer not null,         -- from 0, in the order of shape_pt_sequence
  shape_pt_lat real not null,
  shape_pt_lon real not null,
  shape_dist_traveled real,
  primary key (shape, position)
) strict, without rowid;

create table trips (
  trip integer primary key,
  feed integer not null references feeds,
  trip_id text not null,
  route integer not null references routes,
  service integer not null references services,
  trip_headsign text,
  trip_short_name text,
  direction_id integer check (direction_id in (0, 1)),
  block_id text,                     -- the same vehicle goes on, and riders may stay seated
  shape integer references shapes,
  wheelchair_accessible integer not null check (wheelchair_accessible between 0 and 2),  -- 0 unknown, 1 yes, 2 no
  bikes_allowed integer not null check (bikes_allowed between 0 and 2),
  cars_allowed integer not null check (cars_allowed between 0 and 2)
) strict;

create table booking_rules (
  booking_rule integer primary key,
  feed integer not null references feeds,
  booking_rule_id text not null,
  booking_type integer not null,     -- 0 at once, 1 on the day, 2 days before
  prior_notice_duration_min integer, -- minutes
  prior_notice_duration_max integer,
  prior_notice_last_day integer,
  prior_notice_last_time integer,
  prior_notice_start_day integer,
  prior_notice_start_time integer,
  prior_notice_service integer references services,
  message text,
  pickup_message text,
  drop_off_message text,
  phone_number text,
  info_url text,
  booking_url text
) strict;

-- Every trip with a row here has at least two; times never decrease along a trip.
create table stop_times (
  trip integer not null references trips,
  position integer not null,         -- from 0, in the order of stop_sequence
  stop integer not null references stops,
  arrival_time integer not null,     -- seconds from the start of the service day
  departure_time integer not null,
  is_interpolated integer not null,  -- 1 where the feed has no time and it was computed from its neighbours
  timepoint integer not null,        -- 1 the time is kept, 0 it is approximate
  pickup_type integer not null check (pickup_type between 0 and 3),
                                     -- 0 regular, 1 none, 2 phone first, 3 ask the driver
  drop_off_type integer not null check (drop_off_type between 0 and 3),
  stop_sequence integer not null,    -- as in the feed
  stop_headsign text,                -- only where it differs from the trip's
  shape_dist_traveled real,
  continuous_pickup integer,         -- null: as the route says
  continuous_drop_off integer,
  pickup_booking_rule integer references booking_rules,
  drop_off_booking_rule integer references booking_rules,
  primary key (trip, position)
) strict, without rowid;

create table frequencies (
  trip integer not null references trips,
  start_time integer not null,
  end_time integer not null,
  headway_secs integer not null check (headway_secs > 0),
  exact_times integer not null check (exact_times in (0, 1)),  -- 1 a timetable written short, 0 only a headway
  primary key (trip, start_time)
) strict, without rowid;

create table transfers (
  transfer integer primary key,
  feed integer not null references feeds,
  from_stop integer references stops (stop),
  to_stop integer references stops (stop),
  from_route integer references routes (route),
  to_route integer references routes (route),
  from_trip integer references trips (trip),
  to_trip integer references trips (trip),
  transfer_type integer not null check (transfer_type between 0 and 5),
                                     -- 0 recommended, 1 waits, 2 wants min_transfer_time, 3 not possible,
                                     -- 4 in-seat from trip to trip, 5 not in-seat though the block says so
  min_transfer_time integer          -- seconds
) strict;

create table pathways (
  pathway integer primary key,
  feed integer not null references feeds,
  pathway_id text not null,
  from_stop integer not null references stops (stop),
  to_stop integer not null references stops (stop),
  pathway_mode integer not null check (pathway_mode between 1 and 7),
                                     -- 1 walkway, 2 stairs, 3 moving walkway, 4 escalator, 5 lift, 6 fare gate, 7 exit gate
  is_bidirectional integer not null check (is_bidirectional in (0, 1)),
  length real,                       -- metres
  traversal_time integer,            -- seconds
  stair_count integer,               -- negative: down
  max_slope real,
  min_width real,                    -- metres
  signposted_as text,
  reversed_signposted_as text
) strict;

-- Fares, first version. Zones are texts: stops.zone_id.

create table fare_attributes (
  fare integer primary key,
  feed integer not null references feeds,
  fare_id text not null,
  price_minor integer not null,      -- in the smallest unit of the currency: 250 is 2.50 EUR
  currency_type text not null,
  payment_method integer not null,   -- 0 on board, 1 before
  transfers integer check (transfers between 0 and 2),  -- null: any number
  agency integer references agency,
  transfer_duration integer          -- seconds for which a transfer, or else the fare, is valid
) strict;

create table fare_rules (
  fare integer not null references fare_attributes,
  route integer references routes,
  origin_id text,
  destination_id text,
  contains_id text
) strict;

-- Fares, second version. Groups of legs and timeframes are texts, as no file declares them.

create table areas (
  area integer primary key,
  feed integer not null references feeds,
  area_id text not null,
  area_name text
) strict;

create table stop_areas (
  area integer not null references areas,
  stop integer not null references stops
) strict;

create table fare_media (
  fare_medium integer primary key,
  feed integer not null references feeds,
  fare_media_id text not null,
  fare_media_name text,
  fare_media_type integer not null   -- 0 none, 1 paper, 2 card, 3 contactless bank card, 4 app
) strict;

create table rider_categories (
  rider_category integer primary key,
  feed integer not null references feeds,
  rider_category_id text not null,
  rider_category_name text not null,
  is_default_fare_category integer not null check (is_default_fare_category in (0, 1)),
  eligibility_url text
) strict;

-- One row per product, category and medium: fare_product_id alone is not unique.
create table fare_products (
  fare_product integer primary key,
  feed integer not null references feeds,
  fare_product_id text not null,
  fare_product_name text,
  rider_category integer references rider_categories,
  fare_medium integer references fare_media,
  amount_minor integer not null,
  currency text not null
) strict;

create table timeframes (
  timeframe integer primary key,
  feed integer not null references feeds,
  timeframe_group_id text not null,
  start_time integer not null,
  end_time integer not null,         -- 86400 for the end of the day
  service integer not null references services
) strict;

create table fare_leg_rules (
  fare_leg_rule integer primary key,
  feed integer not null references feeds,
  leg_group_id text,
  network integer references networks,
  from_area integer references areas (area),
  to_area integer references areas (area),
  from_timeframe_group_id text,
  to_timeframe_group_id text,
  fare_product_id text not null,
  rule_priority integer              -- null when the feed has no such column: then empty means "not any listed one"
) strict;

create table fare_leg_join_rules (
  feed integer not null references feeds,
  from_network integer not null references networks (network),
  to_network integer not null references networks (network),
  from_stop integer references stops (stop),
  to_stop integer references stops (stop)
) strict;

create table fare_transfer_rules (
  fare_transfer_rule integer primary key,
  feed integer not null references feeds,
  from_leg_group_id text,
  to_leg_group_id text,
  transfer_count integer,            -- null where it does not apply, -1 any number
  duration_limit integer,            -- seconds
  duration_limit_type integer,       -- 0 departure to arrival, 1 departure to departure, 2 arrival to departure, 3 arrival to arrival
  fare_transfer_type integer not null check (fare_transfer_type between 0 and 2),
                                     -- 0 from-leg + transfer, 1 from-leg + transfer + to-leg, 2 transfer
  fare_product_id text               -- null: the transfer is free
) strict;

-- On demand: kept, not searched.

create table location_groups (
  location_group integer primary key,
  feed integer not null references feeds,
  location_group_id text not null,
  location_group_name text
) strict;

create table location_group_stops (
  location_group integer not null references location_groups,
  stop integer not null references stops
) strict;

create table locations (
  location integer primary key,
  feed integer not null references feeds,
  location_id text not null,
  stop_name text,
  stop_desc text,
  geometry text not null             -- GeoJSON
) strict;

create table flex_stop_times (
  trip integer not null references trips,
  stop_sequence integer not null,
  stop integer references stops,
  location_group integer references location_groups,
  location integer references locations,
  start_pickup_drop_off_window integer not null,
  end_pickup_drop_off_window integer not null,
  pickup_type integer not null,
  drop_off_type integer not null,
  stop_headsign text,
  pickup_booking_rule integer references booking_rules,
  drop_off_booking_rule integer references booking_rules
) strict;

create table translations (
  feed integer not null references feeds,
  table_name text not null,          -- agency, stops, routes, trips, stop_times, pathways, levels, feed_info, attributions
  field_name text not null,
  language text not null,
  translation text not null,
  record_id text,
  record_sub_id text,
  field_value text
) strict;

create table attributions (
  feed integer not null references feeds,
  attribution_id text,
  agency integer references agency,
  route integer references routes,
  trip integer references trips,
  organization_name text not null,
  is_producer integer not null,
  is_operator integer not null,
  is_authority integer not null,
  attribution_url text,
  attribution_email text,
  attribution_phone text
) strict;

-- Stations of different feeds that are one place: found by distance and name. Both directions are here.
create table stop_links (
  from_stop integer not null references stops (stop),
  to_stop integer not null references stops (stop),
  distance_metres integer not null,
  has_same_name integer not null,    -- 1 alike but for case, accents and words such as "station"
  primary key (from_stop, to_stop)
) strict, without rowid;

-- Every day from the first to the last on which anything runs.
create table days (
  date text primary key,
  weekday integer not null           -- Monday is 1, Sunday 7
) strict, without rowid;
