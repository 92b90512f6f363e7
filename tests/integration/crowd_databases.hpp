#pragma once
// The databases of the plugin `crowd` (tests/integration/probe/crowd.cpp), for tests that interrupt
// a migration: few enough rows that it ends within a second, and something of everything that an
// interruption could leave half done.
#include <string>

namespace mighost::test {

/// Town 7 is refused, so its people wait; three people in a row share a code; every thousandth is
/// left out. Person 12345678 never was: visits to him are noted, visits by him are refused.
inline std::string crowd_source(int people = 20000) {
  return "\\set people " + std::to_string(people) + R"sql(
CREATE TABLE towns (id int PRIMARY KEY, name text);
CREATE TABLE people (id int PRIMARY KEY, code text NOT NULL, town int NOT NULL, friend_of int,
  debt numeric);
CREATE TABLE visits (id int PRIMARY KEY, guest int NOT NULL, host int);
INSERT INTO towns SELECT i, CASE WHEN i <> 7 THEN 'town ' || i END FROM generate_series(1, 40) i;
INSERT INTO people SELECT i,
    CASE WHEN i % 1000 = 0 THEN 'gone'
         WHEN i % 2000 IN (501, 502) THEN 'c' || i - i % 2000 + 500 ELSE 'c' || i END,
    i % 40 + 1,
    CASE WHEN i % 3 = 0 THEN (i * 7919) % :people + 1 END, i % 977 * 0.25
  FROM generate_series(1, :people) i;
INSERT INTO visits SELECT i, CASE WHEN i % 400 = 0 THEN 12345678 ELSE i * 4 + 1 END,
    CASE WHEN i % 250 = 0 THEN 12345678 WHEN i % 2 = 0 THEN i * 3 END
  FROM generate_series(1, :people / 5) i;
ANALYZE;
)sql";
}

/// Foreign keys within a table, between those that are filled, and from one that no plugin knows.
/// Each visit is counted by a trigger, in another table that no plugin knows.
inline constexpr const char* crowd_target = R"sql(
CREATE TABLE towns (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE people (id uuid PRIMARY KEY, legacy_id int UNIQUE, code text NOT NULL,
  town_id int REFERENCES towns, friend_id uuid, debt numeric CHECK (debt >= 0),
  CONSTRAINT people_code UNIQUE (code),
  CONSTRAINT people_friend FOREIGN KEY (friend_id) REFERENCES people ON DELETE SET NULL);
CREATE TABLE visits (id uuid PRIMARY KEY, guest_id uuid NOT NULL REFERENCES people,
  host_id uuid REFERENCES people);
CREATE TABLE postcards (id serial PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE, words text);
CREATE TABLE visit_log (visit_id uuid);
CREATE INDEX people_debt ON people (debt) WHERE debt > 100;
CREATE INDEX people_lower ON people (lower(code) DESC) WITH (fillfactor = 80);
CREATE INDEX visits_guest ON visits USING hash (guest_id);
COMMENT ON INDEX people_debt IS 'who owes';
COMMENT ON CONSTRAINT people_code ON people IS 'codes are unique';
COMMENT ON CONSTRAINT people_friend ON people IS 'friends are people';
CREATE FUNCTION count_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO visit_log VALUES (NEW.id); RETURN NULL; END $$;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'this trigger is off'; END $$;
CREATE TRIGGER counted AFTER INSERT ON visits FOR EACH ROW EXECUTE FUNCTION count_visit();
COMMENT ON TRIGGER counted ON visits IS 'counts';
CREATE TRIGGER off BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE people DISABLE TRIGGER off;
)sql";

}  // namespace mighost::test
