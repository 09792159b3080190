-- Whether somebody in a wheelchair gets in; null where nobody has said.

alter table catalogue_place add column wheelchair text check (wheelchair in ('yes', 'limited', 'no'));
