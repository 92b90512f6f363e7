// contact-quality: can the people and offices that move be reached? It owns no entity and has seen
// no plugin's source: by its patterns it looks at every entity that writes `email` or `phone`.
// Nothing here rejects a row: a clinic with a wrong number is a clinic. Who wants more writes
// [validation.checks] "contact-quality.emails" = "reject".
#include <mighost/plugin.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emails.hpp"
#include "phones.hpp"

namespace contact_quality {

struct address {
  std::optional<std::string_view> email{};
};

struct emails {
  static constexpr std::string_view name = "emails";
  static constexpr std::string_view description = "e-mail addresses that no mail will reach";
  static constexpr std::string_view applies_to = "*";
  static constexpr bool parallel = true;
  static constexpr auto needs = mig::needs<address>(mig::col("email", &address::email));
  static constexpr mig::code codes[] = {
      {"email_malformed", "the parts of the address cannot be those of a mailbox and a host"},
      {"email_too_long", "more than 64 characters before the @, or 254 in all"},
      {"email_reserved", "a top-level name that is reserved and reaches nobody"},
      {"email_throwaway", "the address is of a service that forgets it within the hour"}};

  explicit emails(const mig::settings& settings)
      : throwaway_(settings.list("throwaway_domains",
                                 {"mailinator.com", "guerrillamail.com", "10minutemail.com"})) {
    for (std::string& domain : throwaway_) domain = mig::ascii_lower(mig::trim(domain));
  }

  void check(const address& row, mig::verdict<emails>& verdict) {
    if (!row.email) return;
    std::string buffer;
    const std::string_view email = mig::ascii_lower(*row.email, buffer);
    switch (email_fault(email)) {
      case EmailFault::malformed:
        return verdict.note<"email_malformed">("email");
      case EmailFault::too_long:
        return verdict.note<"email_too_long">("email");
      case EmailFault::reserved:
        return verdict.note<"email_reserved">("email");
      case EmailFault::none:
        break;
    }
    if (is_throwaway(email.substr(email.find('@') + 1))) verdict.note<"email_throwaway">("email");
  }

 private:
  bool is_throwaway(std::string_view domain) const {
    return std::find(throwaway_.begin(), throwaway_.end(), domain) != throwaway_.end();
  }

  std::vector<std::string> throwaway_;
};

struct number {
  std::optional<std::string_view> phone{};
};

struct phones {
  static constexpr std::string_view name = "phones";
  static constexpr std::string_view description = "telephone numbers that nobody answers";
  static constexpr std::string_view applies_to = "*";
  static constexpr bool parallel = true;
  static constexpr auto needs = mig::needs<number>(mig::col("phone", &number::phone));
  static constexpr mig::code codes[] = {
      {"phone_length", "fewer than 7 digits or more than 15"},
      {"phone_country", "a + and a 0: no country code begins with 0"},
      {"phone_repeated", "one digit, again and again"},
      {"phone_letters", "characters that are not of a number"}};

  void check(const number& row, mig::verdict<phones>& verdict) {
    if (!row.phone) return;
    switch (phone_fault(*row.phone)) {
      case PhoneFault::length:
        return verdict.note<"phone_length">("phone");
      case PhoneFault::country:
        return verdict.note<"phone_country">("phone");
      case PhoneFault::repeated:
        return verdict.note<"phone_repeated">("phone");
      case PhoneFault::letters:
        return verdict.note<"phone_letters">("phone");
      case PhoneFault::none:
        return;
    }
  }
};

struct nothing {};

/// Only SQL sees more than one row at a time. Users are never merged by their address, so that two
/// accounts with one address are worth a look and no more.
struct accounts {
  static constexpr std::string_view name = "accounts";
  static constexpr std::string_view description = "addresses that several profiles share";
  static constexpr std::string_view applies_to = "core.profiles";
  static constexpr auto needs = mig::needs<nothing>();
  static constexpr mig::assertion assertions[] = {
      {.name = "address-of-one",
       .sql = "select min(legacy_user_id) from public.profiles where email is not null "
              "group by lower(email) having count(*) > 1",
       .meaning = "an e-mail address is of one profile; the lowest legacy user id of each is shown",
       .veto = false}};
  void check(const nothing&, mig::verdict<accounts>&) {}
};

struct plugin {
  static constexpr std::string_view family = "contact-quality";
  static constexpr std::string_view description =
      "plausibility of e-mail addresses and telephone numbers, wherever they are written";
  static constexpr mig::setting settings[] = {
      {"throwaway_domains", mig::kind::list,
       R"(["mailinator.com", "guerrillamail.com", "10minutemail.com"])",
       "domains of mailboxes that exist for minutes"}};
};

}  // namespace contact_quality

MIGHOST_PLUGIN(contact_quality::plugin, contact_quality::emails, contact_quality::phones,
               contact_quality::accounts)
