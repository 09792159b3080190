-- What lists show of a trip, written with its document: a list need not read whole documents.
alter table trip_state add column headline json check (json_typeof(headline) = 'object');

update trip_state set headline = (
  select json_strip_nulls(json_build_object(
    'title', said.title, 'startDate', said."startDate", 'endDate', said."endDate", 'cover', said.cover))
  from json_to_record(document) as said (title json, "startDate" json, "endDate" json, cover json)
);

alter table trip_state alter column headline set not null;

-- Documents are read and written often: where the server can, with the faster compression.
do $$
begin
  alter table trip_state alter column document set compression lz4, alter column stored set compression lz4;
exception when feature_not_supported then
  null;
end
$$;
