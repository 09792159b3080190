-- Made last: a table that is filled in order and indexed afterwards costs a third of one that is indexed all along.
create unique index feeds_name on feeds (name);
create unique index agency_id on agency (feed, agency_id);
create unique index stops_id on stops (feed, stop_id);
create index stops_parent on stops (parent_station) where parent_station is not null;
create index stops_name on stops (stop_name collate nocase);
create unique index routes_id on routes (feed, route_id);
create unique index services_id on services (feed, service_id);
create index calendar_dates_date on calendar_dates (date);
create unique index shapes_id on shapes (feed, shape_id);
create unique index trips_id on trips (feed, trip_id);
create index trips_route on trips (route);
create index trips_service on trips (service);
create index trips_block on trips (feed, block_id) where block_id is not null;
create index stop_times_stop on stop_times (stop, departure_time);
create index transfers_from on transfers (from_stop);
create index fare_rules_fare on fare_rules (fare);
create index stop_areas_stop on stop_areas (stop);
create index translations_record on translations (feed, table_name, record_id);
create index notices_feed on notices (feed, code);

-- The days on which each service runs: the pattern of weekdays, less and plus the exceptions.
create view service_days as
  select calendar.service, days.date
  from calendar join days on days.date between calendar.start_date and calendar.end_date
  where case days.weekday when 1 then monday when 2 then tuesday when 3 then wednesday when 4 then thursday
      when 5 then friday when 6 then saturday else sunday end
    and not exists (
      select 1 from calendar_dates where calendar_dates.service = calendar.service and calendar_dates.date = days.date)
  union all
  select service, date from calendar_dates where exception_type = 1;

-- Stop times as a person reads them.
create view timetable as
  select feeds.name as feed, trips.trip_id, routes.mode, coalesce(route_short_name, route_long_name) as line,
    coalesce(stop_headsign, trip_headsign) as headsign, position,
    format('%02d:%02d:%02d', arrival_time / 3600, arrival_time / 60 % 60, arrival_time % 60) as arrival,
    format('%02d:%02d:%02d', departure_time / 3600, departure_time / 60 % 60, departure_time % 60) as departure,
    stops.stop_id, stops.stop_name, stops.platform_code, stop_times.trip, stop_times.stop, trips.route, trips.service
  from stop_times join trips using (trip) join routes using (route) join stops using (stop)
    join feeds on feeds.feed = trips.feed;

-- Every place riders know by one name: stations, and stops that belong to none.
create view stations as
  select feeds.name as feed, stops.* from stops join feeds using (feed)
  where location_type = 1 or location_type = 0 and parent_station is null;
