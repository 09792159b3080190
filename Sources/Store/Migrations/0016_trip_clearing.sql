-- What is cleared away is looked for again and again, and is little of all there is.
create index trip_state_trash on trip_state (trashed_at) where trashed_at is not null;
create index trip_of_nobody on trip (created_at) where account_id is null and organisation_id is null;
