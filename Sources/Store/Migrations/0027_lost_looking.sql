-- What is looked for, so that what nobody looks for any more is found without reading everything that was ever selected.
create index booking_item_looking on booking_item (trip_id, number) where state = 'looking';
