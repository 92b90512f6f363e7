#include "contact_quality.cpp"

#include <gtest/gtest.h>

#include <mighost/testing.hpp>

namespace contact_quality {
namespace {

using mig::testing::bench;

bench quality() { return bench{mighost_plugin_v1()}; }

std::string code_of_email(std::string_view email) {
  const auto got = quality().check<emails>({{email}});
  EXPECT_TRUE(got.clean());
  EXPECT_TRUE(got.written(0)) << "it only warns";
  return got.findings.empty() ? "" : got.findings[0].code;
}

std::string code_of_phone(std::string_view phone) {
  const auto got = quality().check<phones>({{phone}});
  EXPECT_TRUE(got.clean());
  EXPECT_TRUE(got.written(0)) << "it only warns";
  return got.findings.empty() ? "" : got.findings[0].code;
}

TEST(Emails, AnAddressThatCanBeReachedIsNotNamed) {
  for (const char* email : {"ada@lab.example.org", "a.b+c_%-d@x-1.co.uk", "Ada@Lab.Org"}) {
    EXPECT_EQ(code_of_email(email), "") << email;
  }
  EXPECT_TRUE(quality().check<emails>({{std::nullopt}}).findings.empty());
}

TEST(Emails, PartsThatNoMailServerTakesAreMalformed) {
  for (const char* email :
       {"ada", "@lab.org", "ada@", "a@b@lab.org", ".ada@lab.org", "ada.@lab.org", "a..b@lab.org",
        "ada@lab", "ada@lab..org", "ada@-lab.org", "ada@lab-.org", "ada@.org"}) {
    EXPECT_EQ(code_of_email(email), "email_malformed") << email;
  }
}

TEST(Emails, LengthsAreThoseOfTheStandard) {
  const std::string host = "@lab.org";
  EXPECT_EQ(code_of_email(std::string(64, 'a') + host), "");
  EXPECT_EQ(code_of_email(std::string(65, 'a') + host), "email_too_long");
  EXPECT_EQ(code_of_email("a@" + std::string(64, 'b') + ".org"), "email_malformed");
}

TEST(Emails, ReservedAndThrowawayDomains) {
  EXPECT_EQ(code_of_email("ada@lab.test"), "email_reserved");
  EXPECT_EQ(code_of_email("ada@lab.INVALID"), "email_reserved");
  EXPECT_EQ(code_of_email("ada@Mailinator.com"), "email_throwaway");
  const auto own = quality()
                       .setting("throwaway_domains", {"Gone.example.org"})
                       .check<emails>({{"ada@gone.example.org"}, {"ada@mailinator.com"}});
  EXPECT_TRUE(own.noted(0, "email_throwaway"));
  EXPECT_FALSE(own.noted(1, "email_throwaway"));
}

TEST(Phones, NumbersThatMayBeAnswered) {
  for (const char* phone : {"+2175550101", "(217) 555-0101", "555 0134", "0211/123456"}) {
    EXPECT_EQ(code_of_phone(phone), "") << phone;
  }
  EXPECT_TRUE(quality().check<phones>({{std::nullopt}}).findings.empty());
}

TEST(Phones, NumbersThatAreNone) {
  EXPECT_EQ(code_of_phone("555013"), "phone_length");
  EXPECT_EQ(code_of_phone("1234567890123456"), "phone_length");
  EXPECT_EQ(code_of_phone(""), "phone_length");
  EXPECT_EQ(code_of_phone("+0612555017"), "phone_country");
  EXPECT_EQ(code_of_phone("000-0000"), "phone_repeated");
  EXPECT_EQ(code_of_phone("call 5550134"), "phone_letters");
}

}  // namespace
}  // namespace contact_quality
