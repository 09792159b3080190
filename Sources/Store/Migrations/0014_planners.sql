-- Who had a trip planned that is only planned for, and what of a trip was generated from a plan.

-- Both null: nobody who said who they are, so that whoever knows the id may see it. Not keys into their tables: when an
-- account or organisation is gone, what it had planned stays closed instead of being open to everybody.
alter table trip
  add column account_id uuid,
  add column organisation_id uuid,
  add constraint trip_planner check (num_nonnulls(account_id, organisation_id) <= 1);
create index trip_account on trip (account_id) where account_id is not null;

-- Days and items that came from an option, each with the place of the log that wrote it last: what has another stamp by
-- now was changed by people.
create table trip_generated (
  trip_id uuid not null references trip_state on delete cascade,
  -- What it is of the plan: a date, a journey, a stay or an activity of an itinerary.
  key text not null check (length(key) between 1 and 200),
  entry_id uuid not null,
  seq bigint not null check (seq >= 1),
  primary key (trip_id, key)
);
