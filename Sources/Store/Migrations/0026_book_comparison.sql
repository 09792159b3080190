-- Our books compared with those of whoever sells and whoever collects money: one row for each of them and day.
create table book_comparison (
  -- The name under which they are configured.
  side text not null check (length(side) between 1 and 40),
  day date not null,
  -- References that were compared, and those that were not, because something of them was still under way.
  compared int not null check (compared >= 0),
  left_over int not null check (left_over >= 0),
  -- Whether they could list what they have, so that what is missing here could be found.
  is_listed boolean not null,
  -- Why it did not come to its end, where it did not.
  trouble text check (length(trouble) <= 500),
  at timestamptz not null default now(),
  primary key (side, day)
);

-- In what they do not agree. Nothing is mended by itself: what has become right is marked as gone, and stays.
create table book_finding (
  id bigint generated always as identity primary key,
  side text not null check (length(side) between 1 and 40),
  reference text not null check (length(reference) between 1 and 200),
  kind text not null check (kind in ('missing here', 'missing there', 'other amounts', 'disputed')),
  ours text not null check (length(ours) <= 300),
  theirs text not null check (length(theirs) <= 300),
  found_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  gone_at timestamptz,
  unique (side, reference, kind)
);
create index book_finding_open on book_finding (found_at) where gone_at is null;
create index booking_changed on booking (changed_at);
