-- Searches that stay fast however large the catalogue is.

-- The words of all records, and how many have each: what a mistyped or unfinished word may mean is looked up here.
create table catalogue_word (
  word text collate "C" primary key,
  count int not null check (count > 0)
);
create index catalogue_word_one on catalogue_word (left(word, 1), count desc);
create index catalogue_word_two on catalogue_word (left(word, 2), count desc);
create index catalogue_word_alike on catalogue_word using gin (word gin_trgm_ops) with (fastupdate = off);

-- The words of the best known records stand in `words` a second and third time, behind 1/ and 2/: of a word that many
-- records have, these few are read first. The counts are those of CatalogueTier.
drop index catalogue_place_words;
with place as (
  select id, row_number() over (partition by source order by score desc, number) as rank,
    count(*) over (partition by source) as count
  from catalogue_place
)
update catalogue_place set words = words
  || case when rank <= greatest(200, count / 100)
    then array_to_tsvector(array(select '1/' || word from unnest(tsvector_to_array(words)) word)) else '' end
  || array_to_tsvector(array(select '2/' || word from unnest(tsvector_to_array(words)) word))
from place where place.id = catalogue_place.id and rank <= greatest(2000, count / 10);
create index catalogue_place_words on catalogue_place using gin (words) with (fastupdate = off);

insert into catalogue_word (word, count)
select word, count(*) from catalogue_place, unnest(tsvector_to_array(words)) word where strpos(word, '/') = 0 group by 1;

-- Whole names; what looks like one is found by its words now.
create index catalogue_place_name on catalogue_place (folded);
drop function catalogue_alike;
drop index catalogue_place_folded;
