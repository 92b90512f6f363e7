// A validator as a third party would write it: it looks at the things of a plugin that it has never
// seen. Built twice, as `auditor` and as `second-look`, whose control total is wrong.
#include <cstdint>
#include <mighost/plugin.hpp>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace {

struct Thing {
  std::int64_t legacy_id = 0;
  std::optional<mig::numeric> amount;
};

struct Amounts {
  static constexpr std::string_view name = "amounts";
  static constexpr std::string_view applies_to = "probe.things";
  static constexpr auto needs = mig::needs<Thing>(mig::col("legacy_id", &Thing::legacy_id),
                                                  mig::col("amount", &Thing::amount));
  static constexpr mig::code codes[] = {{"debt", "an amount below zero"},
                                        {"too_much", "an amount above 900"},
                                        {"round", "an amount of exactly 500"}};
  static constexpr mig::assertion assertions[] = {
      {.name = "no-sevens",
       .sql = "SELECT legacy_id FROM public.things WHERE amount = 777",
       .meaning = "nothing costs 777"}};
  static constexpr mig::total totals[] = {
      {.name = "worth", .source = AUDITOR_TOTAL, .target = "amount"}};

  explicit Amounts(const mig::settings& settings) : throws_(settings.boolean("throws", false)) {
    if (settings.boolean("refuses", false)) throw std::runtime_error("no licence was found");
  }

  void check(const Thing& row, mig::verdict<Amounts>& verdict) {
    if (throws_) throw std::runtime_error("the moon is not full");
    const auto amount = row.amount ? mig::decimal::from(*row.amount) : std::nullopt;
    if (!amount) return;
    if (amount->negative()) return verdict.abort<"debt">("amount");
    if (*amount > 900) return verdict.reject<"too_much">("amount");
    if (*amount == 500) verdict.note<"round">("amount", "half a thousand");
  }

 private:
  bool throws_;
};

struct Paint {
  std::optional<std::string_view> colour;
};

/// By its pattern it looks at whatever has a colour, which nothing has.
struct Painters {
  static constexpr std::string_view name = "painters";
  static constexpr std::string_view applies_to = "probe.*";
  static constexpr auto needs = mig::needs<Paint>(mig::col("colour", &Paint::colour));
  void check(const Paint&, mig::verdict<Painters>&) {}
};

struct Label {
  std::optional<std::string_view> code;
};

/// By its pattern it looks at probe.things, the one entity with a code.
struct Labels {
  static constexpr std::string_view name = "labels";
  static constexpr std::string_view applies_to = "probe.*";
  static constexpr auto needs = mig::needs<Label>(mig::col("code", &Label::code));
  static constexpr mig::code codes[] = {{"loud", "an exclamation mark"}};
  void check(const Label& row, mig::verdict<Labels>& verdict) {
    if (row.code && row.code->ends_with('!')) verdict.abort<"loud">("code");
  }
};

struct Auditor {
  static constexpr std::string_view family = AUDITOR_FAMILY;
  static constexpr mig::setting settings[] = {{"throws", mig::kind::boolean, "false", ""},
                                              {"refuses", mig::kind::boolean, "false", ""}};
};

}  // namespace

MIGHOST_PLUGIN(Auditor, Amounts, Painters, Labels)
