-- What others call our orders and payments, by which they are asked without searching.
alter table booking_part add column seller_name text check (length(seller_name) between 1 and 500);
-- What an item is, as its seller confirmed it, and the taxes in its price: for people and for invoices.
alter table booking_part add column details json check (json_typeof(details) = 'object');
alter table booking_part add column taxes bigint check (taxes >= 0);
alter table payment add column collector_name text check (length(collector_name) between 1 and 200);
create index payment_collector_name on payment (collector, collector_name) where collector_name is not null;

-- Whose bookings they are, the newest first.
create index booking_caller on booking (caller, created_at desc, id desc);
