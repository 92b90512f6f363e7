#pragma once

// The databases of the plugin `chain` (tests/integration/probe/chain.cpp): regions, owners in them
// with a boss, estates of owners, rooms, items; some of whose rows hang on one owner.

namespace mighost::test {

inline constexpr const char* chain_source = R"sql(
CREATE TABLE regions (id int PRIMARY KEY, name text);
CREATE TABLE owners (code text PRIMARY KEY, region int, boss text, debt numeric);
CREATE TABLE estates (district int, number int, owner text, agent text, remark text,
  PRIMARY KEY (district, number));
CREATE TABLE rooms (id int PRIMARY KEY, district int NOT NULL, number int NOT NULL);
CREATE TABLE items (id int PRIMARY KEY, room int NOT NULL);
)sql";

inline constexpr const char* chain_target = R"sql(
CREATE TABLE regions (id uuid PRIMARY KEY, legacy_id int UNIQUE, name text NOT NULL);
CREATE TABLE owners (id uuid PRIMARY KEY, legacy_code text UNIQUE,
  region_id uuid NOT NULL REFERENCES regions, boss_id uuid REFERENCES owners, debt numeric);
CREATE TABLE estates (id uuid PRIMARY KEY, legacy_district int, legacy_number int,
  owner_id uuid NOT NULL REFERENCES owners, agent_id uuid REFERENCES owners, remark text,
  UNIQUE (legacy_district, legacy_number));
CREATE TABLE rooms (id uuid PRIMARY KEY, legacy_id int UNIQUE,
  estate_id uuid NOT NULL REFERENCES estates);
CREATE TABLE items (id uuid PRIMARY KEY, room_id uuid NOT NULL REFERENCES rooms);
)sql";

/// Owner o/2 lives in region 2. Without him estates 1/1 and 2/1 cannot go, nor rooms 1 and 3 in
/// them, nor items 1, 3 and 5 in these; owner o"3\ goes without a boss, estate 1/2 without an
/// agent. Nobody ever was the agent of estate 2/2.
inline constexpr const char* chain_rows = R"sql(
INSERT INTO regions VALUES (1, 'north'), (2, 'south'), (3, 'closed');
INSERT INTO owners VALUES ('o/1', 1, NULL, 10.50), ('o/2', 2, 'o/1', 7.25),
  ('o"3\', 1, 'o/2', 1.00), ('o,4', 1, 'o,4', NULL);
INSERT INTO estates VALUES (1, 1, 'o/2', NULL, 'w'), (1, 2, 'o/1', 'o/2', 'x'),
  (2, 1, 'o/2', 'o/2', 'y'), (2, 2, 'o/1', 'nobody', 'z');
INSERT INTO rooms VALUES (1, 1, 1), (2, 1, 2), (3, 2, 1);
INSERT INTO items VALUES (1, 1), (2, 2), (3, 3), (5, 1);
)sql";

}  // namespace mighost::test
