-- Which events have left for the brokers outside, which of them no broker will have, and who carries them.
alter table outbox add column relayed_at timestamptz;
-- Why no broker will ever have it; whoever has mended that clears it, and it is tried again.
alter table outbox add column relay_refusal text check (length(relay_refusal) <= 500);
create index outbox_relay on outbox (id) where relayed_at is null and relay_refusal is null;
create index outbox_relay_refused on outbox (id) where relay_refusal is not null;

-- The one line by which events leave.
create table event_relay (
  is_only boolean primary key default true check (is_only),
  -- Which installation tells events, for good.
  source uuid not null default gen_random_uuid(),
  holder uuid,
  held_until timestamptz,
  -- When somebody last held it.
  worked_at timestamptz,
  trouble text check (length(trouble) <= 500),
  trouble_since timestamptz,
  check ((holder is null) = (held_until is null)),
  check ((trouble is null) = (trouble_since is null))
);
insert into event_relay default values;
