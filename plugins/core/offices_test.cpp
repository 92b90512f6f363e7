#include "core_test.hpp"

namespace core::tests {
namespace {

legacy_office good_office() {
  return {.id = 12,
          .name = "North Clinic",
          .address = "1 Main St",
          .apt = "5b",
          .city = "Springfield",
          .state = "ca",
          .zip = "90210",
          .country = "USA",
          .phone = "+1 555 010 9999",
          .tax_rate = exact("10.25"),
          .valid = true,
          .sq_customer_id = "SQ1",
          .emails = true};
}

outcome run_office(const legacy_office& row) { return core_bench().run<offices>({row}); }

outcome run_rate(std::string_view rate) {
  legacy_office row = good_office();
  row.tax_rate = exact(rate);
  return run_office(row);
}

TEST(Offices, CarriesEverything) {
  const outcome got = run_office(good_office());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("name"), "North Clinic");
  EXPECT_EQ(row.text("address"), "1 Main St");
  EXPECT_EQ(row.text("apartment"), "5b");
  EXPECT_EQ(row.text("city"), "Springfield");
  EXPECT_EQ(row.text("state"), "CA");
  EXPECT_EQ(row.text("zip_code"), "90210");
  EXPECT_EQ(row.text("country"), "USA");
  EXPECT_EQ(row.text("phone"), "+15550109999");
  EXPECT_EQ(row.numeric_text("tax_rate"), "0.1025");
  EXPECT_EQ(row.text("square_customer_id"), "SQ1");
  EXPECT_TRUE(row.boolean("is_active"));
  EXPECT_TRUE(row.boolean("email_notifications"));
  EXPECT_EQ(row.integer("legacy_office_id"), 12);
  EXPECT_EQ(row.json("metadata"), R"({"phone_raw":"+1 555 010 9999"})");
}

TEST(Offices, InvalidOnesAreLoadedAsInactive) {
  legacy_office row = good_office();
  row.valid = false;
  row.emails = false;
  const outcome got = run_office(row);
  EXPECT_FALSE(got.row(0).boolean("is_active"));
  EXPECT_FALSE(got.row(0).boolean("email_notifications"));
}

TEST(Offices, TaxPercentBecomesAFraction) {
  const std::pair<std::string_view, std::string_view> rates[] = {
      {"0", "0"},    {"0.0000", "0"},       {"1.01", "0.0101"},
      {"8", "0.08"}, {"10.2500", "0.1025"}, {"100", "1"}};
  for (const auto& [rate, fraction] : rates) {
    const outcome got = run_rate(rate);
    ASSERT_TRUE(got.written(0)) << rate;
    EXPECT_EQ(exact(got.row(0).numeric_text("tax_rate")), exact(fraction)) << rate;
  }
}

TEST(Offices, RatesUpToOneAreAmbiguous) {
  for (const char* rate : {"0.0001", "0.1025", "0.5", "1", "1.000"}) {
    const outcome got = run_rate(rate);
    EXPECT_TRUE(got.rejected(0, "tax_rate_ambiguous")) << rate;
    EXPECT_EQ(codes_of(got), codes{"tax_rate_ambiguous"}) << rate;
    EXPECT_EQ(got.detail(0, "tax_rate_ambiguous"), rate);
  }
}

TEST(Offices, RatesOutsideOfPercentAreRejected) {
  for (const char* rate : {"-1", "-0.01", "100.01", "1000"}) {
    const outcome got = run_rate(rate);
    EXPECT_TRUE(got.rejected(0, "tax_rate_range")) << rate;
    EXPECT_EQ(got.column(0, "tax_rate_range"), "tax_rate");
  }
}

TEST(Offices, MoreThanFourDecimalsReachTheHostUnrounded) {
  // The column is numeric(5,4): the host quarantines the row as numeric_rounding.
  EXPECT_EQ(run_rate("10.12345").row(0).numeric_text("tax_rate"), "0.1012345");
}

TEST(Offices, RatesThatDoNotFitAreRejectedNotRounded) {
  EXPECT_TRUE(run_rate("2." + std::string(36, '0') + "1").rejected(0, "decimal_range"));
  auto values = mig::testing::bench::to_values<offices::source>({good_office()});
  const std::size_t tax_rate = 9;
  // numeric_send of NaN: no digits, sign 0xC000.
  values[0][tax_rate].bytes = std::string("\0\0\0\0\xC0\0\0\0", 8);
  EXPECT_TRUE(core_bench().run_values("offices", values).rejected(0, "decimal_range"));
}

TEST(Offices, MissingNamesAreMadeAndMarked) {
  for (const maybe_text name : {maybe_text{}, maybe_text{""}, maybe_text{" \t "},
                                maybe_text{"null"}, maybe_text{"NONE"}, maybe_text{" Null "}}) {
    legacy_office row = good_office();
    row.name = name;
    row.phone = std::nullopt;
    const outcome got = run_office(row);
    EXPECT_EQ(got.row(0).text("name"), "Office 12");
    EXPECT_EQ(got.row(0).json("metadata"), R"({"name_missing":true})");
    EXPECT_EQ(codes_of(got), codes{"name_missing"});
  }
}

TEST(Offices, TextIsTrimmedAndCollapsed) {
  legacy_office row = good_office();
  row.name = "  North \t\n Clinic\xC2\xA0";
  row.address =
      "\xE3\x80\x80"
      "1  Main";
  row.apt = "None";
  row.city = " ";
  const outcome got = run_office(row);
  EXPECT_EQ(got.row(0).text("name"), "North Clinic");
  EXPECT_EQ(got.row(0).text("address"), "1 Main");
  EXPECT_TRUE(got.row(0).is_null("apartment"));
  EXPECT_TRUE(got.row(0).is_null("city"));
  EXPECT_EQ(codes_of(got), codes{});
}

TEST(Offices, PostalCodesKeepTheirLetters) {
  const example zips[] = {{" 150-0001 ", "150-0001"}, {"SW1A 1AA", "SW1A 1AA"}, {{}, "NULL"}};
  for (const example& each : zips) {
    legacy_office row = good_office();
    row.zip = each.given;
    EXPECT_EQ(text_or_null(run_office(row).row(0), "zip_code"), each.expected);
  }
}

TEST(Offices, StatesAreInUpperCase) {
  const example states[] = {
      {" ny ", "NY"}, {"Nsw", "NSW"}, {"CA", "CA"}, {{}, "NULL"}, {"t\xC5\x8Dkyo", "T\xC5\x8DKYO"}};
  for (const example& each : states) {
    legacy_office row = good_office();
    row.state = each.given;
    EXPECT_EQ(text_or_null(run_office(row).row(0), "state"), each.expected);
  }
}

TEST(Offices, CountriesAreNormalisedNeverMadeUp) {
  const example countries[] = {
      {"US", "USA"},
      {"usa", "USA"},
      {" U.S. ", "USA"},
      {"u.s.a.", "USA"},
      {"united  states", "USA"},
      {"United States of America", "USA"},
      {"JAPAN", "Japan"},
      {"new   zealand", "New Zealand"},
      {"viet-nam", "Viet-nam"},
      {"c\xC3\xB4te d'ivoire", "C\xC3\xB4te D'ivoire"},
      {"\xC3\xA9ire", "\xC3\xA9ire"},
      {"United States Minor", "United States Minor"},
      {{}, "NULL"},
      {"", "NULL"},
      {"none", "NULL"},
  };
  for (const example& each : countries) {
    legacy_office row = good_office();
    row.country = each.given;
    EXPECT_EQ(text_or_null(run_office(row).row(0), "country"), each.expected);
  }
}

TEST(Offices, PhonesAreDigits) {
  const example phones[] = {{"555-0199 ext. 12", "+555019912"},
                            {"1234567", "+1234567"},
                            {"+81 (3) 1234-5678", "+81312345678"}};
  for (const example& each : phones) {
    legacy_office row = good_office();
    row.phone = each.given;
    const outcome got = run_office(row);
    EXPECT_EQ(got.row(0).text("phone"), each.expected);
    EXPECT_FALSE(got.noted(0, "phone_invalid"));
  }
}

TEST(Offices, PhonesWithTooFewDigitsStayInTheMetadata) {
  for (const char* phone : {"123456", "call us", "+"}) {
    legacy_office row = good_office();
    row.phone = phone;
    const outcome got = run_office(row);
    EXPECT_TRUE(got.row(0).is_null("phone"));
    EXPECT_TRUE(got.noted(0, "phone_invalid"));
    EXPECT_EQ(got.row(0).json("metadata"), std::string{R"({"phone_raw":")"} + phone + R"("})");
  }
}

TEST(Offices, EmptyPhonesAreNoProblem) {
  for (const maybe_text phone :
       {maybe_text{}, maybe_text{""}, maybe_text{"  "}, maybe_text{"None"}}) {
    legacy_office row = good_office();
    row.phone = phone;
    const outcome got = run_office(row);
    EXPECT_TRUE(got.row(0).is_null("phone"));
    EXPECT_EQ(got.row(0).json("metadata"), "{}");
    EXPECT_EQ(codes_of(got), codes{});
  }
}

TEST(Offices, ARejectedRowHasNoNotes) {
  legacy_office row = good_office();
  row.name = "";
  row.phone = "1";
  row.tax_rate = exact("0.5");
  EXPECT_EQ(codes_of(run_office(row)), codes{"tax_rate_ambiguous"});
}

TEST(Offices, MetadataOfOneRowDoesNotReachTheNext) {
  legacy_office nameless = good_office();
  nameless.name = "";
  const outcome got = core_bench().run<offices>({nameless, good_office()});
  EXPECT_EQ(got.row(1).json("metadata"), R"({"phone_raw":"+1 555 010 9999"})");
}

}  // namespace
}  // namespace core::tests
