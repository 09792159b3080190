-- Bookings: how each stands, what was asked of the outside, what happened to money, payments, invoices.

-- One saga. The document is all of it; the columns are what is looked for.
create table booking (
  id uuid primary key,
  -- Kept when the trip goes: money was moved for it.
  trip_id uuid references trip on delete set null,
  -- Whose it is, and what they call the request that made it: sent twice, it makes one booking.
  caller text not null check (length(caller) <= 200),
  request_key text not null check (length(request_key) between 1 and 255),
  fingerprint bytea not null check (length(fingerprint) = 32),
  phase text not null check (phase in ('begun', 'pending', 'paid', 'ticketing', 'ticketed', 'changing', 'refundNeeded',
    'refunded', 'releasing', 'lapsed', 'cancelled')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  saga json not null check (json_typeof(saga) = 'object'),
  -- Who travels, as sellers want it.
  travellers json not null check (json_typeof(travellers) = 'array'),
  revision bigint not null default 1,
  -- When something is due by itself.
  due_at timestamptz,
  needs_attention boolean not null default false,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  unique (caller, request_key)
);
create index booking_due on booking (due_at) where due_at is not null;
create index booking_attention on booking (changed_at) where needs_attention;
create index booking_trip on booking (trip_id);

-- What is ordered under which reference: one reference is in one booking.
create table booking_part (
  reference text primary key check (reference ~ '^WF-[0-9A-HJKMNP-TV-Z]{13}$'),
  booking_id uuid not null references booking,
  number smallint not null check (number >= 0),
  seller text not null,
  unique (booking_id, number)
);

-- Every call to the outside, a line for each step that it took; only added to.
create table booking_call (
  id bigint generated always as identity primary key,
  booking_id uuid not null references booking,
  number int not null check (number >= 0),
  target text not null check (target ~ '^(payment|item [0-9]+)$'),
  action text not null check (length(action) between 1 and 300),
  state text not null check (state in ('intent', 'sent', 'ok', 'declined', 'unknown', 'dropped')),
  attempts int not null check (attempts >= 0),
  words text check (length(words) <= 500),
  at timestamptz not null default clock_timestamp()
);
create index booking_call_booking on booking_call (booking_id, id);

-- Tries of customers to pay.
create table payment (
  reference text primary key check (length(reference) between 1 and 100),
  booking_id uuid not null references booking,
  number smallint not null check (number >= 1),
  collector text not null,
  stage text not null check (stage in ('none', 'pending', 'authorised', 'captured', 'voided', 'failed')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null check (amount >= 0),
  refunded bigint not null default 0 check (refunded between 0 and amount),
  changed_at timestamptz not null default now(),
  unique (booking_id, number)
);
-- One charge for a booking, whatever else is wrong.
create unique index payment_once on payment (booking_id) where stage = 'captured';

-- The ledger. Amounts are minor units, debits above zero and credits below.
create table ledger_entry (
  number bigint generated always as identity primary key,
  id text not null unique check (length(id) between 1 and 200),
  kind text not null check (kind in ('posted', 'pending', 'posting', 'voiding')),
  -- The pending entry that this one settles; one settles it.
  settles text unique,
  booking_id uuid,
  memo text not null check (length(memo) <= 300),
  at timestamptz not null default clock_timestamp(),
  -- Lines come with their entry or not at all.
  made_by xid8 not null default pg_current_xact_id(),
  check ((settles is not null) = (kind in ('posting', 'voiding')))
);
create index ledger_entry_booking on ledger_entry (booking_id, number);

create table ledger_line (
  entry_id text not null,
  number smallint not null check (number >= 0),
  account text not null check (length(account) between 1 and 200),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null check (amount <> 0),
  primary key (entry_id, number)
);
create index ledger_line_account on ledger_line (account, currency);

-- What the lines come to; kept by triggers alone. Limits hold at every moment, for reservations too.
create table ledger_balance (
  account text not null,
  currency text not null,
  limited text not null check (limited in ('none', 'credits', 'debits')),
  posted bigint not null default 0,
  pending_debits bigint not null default 0 check (pending_debits >= 0),
  pending_credits bigint not null default 0 check (pending_credits >= 0),
  primary key (account, currency),
  constraint ledger_limit check (
    case limited when 'credits' then posted + pending_debits <= 0 when 'debits' then posted - pending_credits >= 0
      else true end)
) with (fillfactor = 50);

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the table % is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create function ledger_limit_of(account text) returns text language sql immutable as $$
  select case when account like 'customer/%' then 'credits' when account like 'card/%' then 'debits' else 'none' end
$$;

-- Lines are written in the order of accounts, so that two entries never wait for each other.
create function ledger_add_line() returns trigger language plpgsql as $$
declare entry ledger_entry;
begin
  select * into entry from ledger_entry where id = new.entry_id;
  if entry.id is null or entry.made_by <> pg_current_xact_id() or entry.kind not in ('posted', 'pending') then
    raise exception 'ledger line of % comes without its entry', new.entry_id using errcode = 'check_violation';
  end if;
  insert into ledger_balance (account, currency, limited) values (new.account, new.currency, ledger_limit_of(new.account))
    on conflict do nothing;
  update ledger_balance set
    posted = posted + case when entry.kind = 'posted' then new.amount else 0 end,
    pending_debits = pending_debits + case when entry.kind = 'pending' then greatest(new.amount, 0) else 0 end,
    pending_credits = pending_credits + case when entry.kind = 'pending' then greatest(-new.amount, 0) else 0 end
    where account = new.account and currency = new.currency;
  return null;
end $$;

create function ledger_settle() returns trigger language plpgsql as $$
declare line ledger_line;
begin
  if new.kind not in ('posting', 'voiding') then return null; end if;
  if not exists (select from ledger_entry where id = new.settles and kind = 'pending') then
    raise exception 'ledger entry % settles %, which nothing has reserved', new.id, new.settles
      using errcode = 'check_violation';
  end if;
  for line in select * from ledger_line where entry_id = new.settles order by account, currency loop
    update ledger_balance set
      posted = posted + case when new.kind = 'posting' then line.amount else 0 end,
      pending_debits = pending_debits - greatest(line.amount, 0),
      pending_credits = pending_credits - greatest(-line.amount, 0)
      where account = line.account and currency = line.currency;
  end loop;
  return null;
end $$;

create function ledger_must_balance() returns trigger language plpgsql as $$
begin
  if new.kind in ('posted', 'pending') and not exists (select from ledger_line where entry_id = new.id)
    or exists (select from ledger_line where entry_id = new.id group by currency having sum(amount) <> 0) then
    raise exception 'ledger entry % does not sum to zero', new.id using errcode = 'check_violation';
  end if;
  return null;
end $$;

create trigger ledger_line_counts after insert on ledger_line for each row execute function ledger_add_line();
create trigger ledger_entry_settles after insert on ledger_entry for each row execute function ledger_settle();
create constraint trigger ledger_entry_balances after insert on ledger_entry
  deferrable initially deferred for each row execute function ledger_must_balance();

create trigger ledger_entry_is_append_only before update or delete on ledger_entry
  for each row execute function ledger_is_append_only();
create trigger ledger_entry_is_never_emptied before truncate on ledger_entry
  for each statement execute function ledger_is_append_only();
create trigger ledger_line_is_append_only before update or delete on ledger_line
  for each row execute function ledger_is_append_only();
create trigger ledger_line_is_never_emptied before truncate on ledger_line
  for each statement execute function ledger_is_append_only();
create trigger booking_call_is_append_only before update or delete on booking_call
  for each row execute function ledger_is_append_only();
create trigger booking_call_is_never_emptied before truncate on booking_call
  for each statement execute function ledger_is_append_only();
revoke update, delete, truncate on ledger_entry, ledger_line, booking_call from public, current_user;

-- Invoices: numbers without gaps, given with the transaction that writes the invoice.
create table invoice_series (
  name text primary key check (length(name) between 1 and 20),
  last bigint not null default 0 check (last >= 0)
);
insert into invoice_series (name) values ('I');

create table invoice (
  series text not null references invoice_series,
  number bigint not null check (number >= 1),
  booking_id uuid not null unique references booking,
  document json not null check (json_typeof(document) = 'object'),
  issued_at timestamptz not null default now(),
  primary key (series, number)
);
create trigger invoice_is_append_only before update or delete on invoice
  for each row execute function ledger_is_append_only();
