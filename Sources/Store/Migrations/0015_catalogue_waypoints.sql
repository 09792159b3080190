-- Airports, stations and neighbourhoods: looked for by name, and nothing to see.

alter table catalogue_place
  drop constraint catalogue_place_kind_check,
  drop constraint catalogue_place_check4,
  add constraint catalogue_place_kind_check check (kind in ('city', 'sight', 'lodging', 'waypoint')),
  add constraint catalogue_place_price check (
    (kind in ('sight', 'lodging')) = (price_minor is not null)
    and (kind in ('sight', 'lodging')) = (currency is not null)),
  add constraint catalogue_place_waypoint check (
    kind <> 'waypoint' or category in ('airport', 'station', 'neighbourhood'));
