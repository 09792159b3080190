-- A first trip can be seen while better ones are looked for.

alter table itinerary
  add column first_option json check (json_typeof(first_option) = 'object'),
  add check (first_option is null or planned_at is null);
