-- What sellers have for what a selection wants booked, who travels, and the booking that came of it.

-- What those who sell flights and beds call a place; null where nobody has said.
alter table catalogue_place add column code text check (code ~ '^[A-Za-z0-9]{2,12}$');

-- Who travels, once somebody has said so, and whose booking it is; the booking, once it is made: one for each selection.
alter table itinerary_selection add column caller text check (length(caller) between 1 and 200);
alter table itinerary_selection add column travellers json check (json_typeof(travellers) = 'array');
alter table itinerary_selection add column policy text check (policy in ('all', 'best'));
alter table itinerary_selection add column collector text check (length(collector) between 1 and 40);
alter table itinerary_selection add column booking_id uuid unique references booking;
-- How often it was told what was found.
alter table itinerary_selection add column offers_told int not null default 0 check (offers_told >= 0);
alter table itinerary_selection add constraint itinerary_selection_names_all check (
  (travellers is null) = (caller is null) and (travellers is null) = (policy is null)
    and (travellers is null) = (collector is null) and (booking_id is null or travellers is not null));

-- What came of looking: an offer with its price, or why there is none.
alter table booking_item add column state text not null default 'looking' check (state in ('looking', 'found', 'none'));
alter table booking_item add column offer text check (length(offer) between 3 and 40041);
alter table booking_item add column currency text check (currency ~ '^[A-Z]{3}$');
alter table booking_item add column price bigint check (price > 0);
alter table booking_item add column expires_at timestamptz;
-- The offer as it was shown, and which rides of the journey it is for.
alter table booking_item add column found json check (json_typeof(found) = 'object');
alter table booking_item add column reason text check (length(reason) between 1 and 500);
alter table booking_item add column looked_at timestamptz;
alter table booking_item add constraint booking_item_says_what_came check (
  (state = 'found') = (offer is not null) and (state = 'found') = (price is not null)
    and (state = 'found') = (currency is not null) and (state = 'found') = (expires_at is not null)
    and (state = 'found') = (found is not null) and (state = 'none') = (reason is not null)
    and (state <> 'looking' or looked_at is null));
