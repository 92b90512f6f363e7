// What became of indexes, constraints and triggers, as people read it.
#include "run/structure.hpp"

#include <gtest/gtest.h>

namespace {

using mighost::structure_changes;

constexpr const char* before =
    "constraint things_pkey of things: PRIMARY KEY (id)\tt \n"
    "index CREATE INDEX things_name ON public.things USING btree (name)\tt f f \n"
    "trigger CREATE TRIGGER stamp BEFORE INSERT ON public.things EXECUTE FUNCTION stamp()\tO";

TEST(StructureChanges, NothingIsToldWhereNothingChanged) {
  EXPECT_EQ(structure_changes(before, before), "");
  EXPECT_EQ(structure_changes("", ""), "");
}

TEST(StructureChanges, WhatIsMissingNewOrAlteredIsNamed) {
  EXPECT_EQ(structure_changes(
                before,
                "constraint things_pkey of things: PRIMARY KEY (id)\tt \n"
                "constraint things_size of things: CHECK (size > 0)\tt \n"
                "trigger CREATE TRIGGER stamp BEFORE INSERT ON public.things EXECUTE FUNCTION "
                "stamp()\tD"),
            "missing: index CREATE INDEX things_name ON public.things USING btree (name); "
            "new: constraint things_size of things: CHECK (size > 0); "
            "altered: trigger CREATE TRIGGER stamp BEFORE INSERT ON public.things EXECUTE FUNCTION "
            "stamp()");
}

TEST(StructureChanges, OfManyTheFirstAreNamed) {
  EXPECT_EQ(structure_changes("a\t\nb\t\nc\t\nd\t\ne\t", ""), "missing: a, b, c and 2 more");
}

}  // namespace
