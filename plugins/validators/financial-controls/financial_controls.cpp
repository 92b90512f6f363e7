// financial-controls: what an auditor asks of money that moves. It owns no entity; it looks at the
// rows of the financial family, which it has never seen the source of, and at its tables.
//
// What is impossible rejects its row (a negative tax, a percentage beyond 100). What is odd but may
// be true warns: the laboratory has refunds above their payment and discounts that end before they
// begin, and keeps both (its docs/families/financial.md); an office's tax rate is the one of today,
// not of the day of the payment. Who wants more says so in [validation.checks].
#include <mighost/plugin.hpp>
#include <optional>
#include <string_view>

namespace financial_controls {

inline bool is_negative(const std::optional<mig::numeric>& amount) {
  const auto exact = amount ? mig::decimal::from(*amount) : std::nullopt;
  return exact && exact->negative();
}

struct discount {
  std::optional<std::string_view> discount_type{};
  std::optional<mig::numeric> percentage{};
  std::optional<mig::timestamptz> valid_from{}, valid_until{};
};

struct discounts {
  static constexpr std::string_view name = "discounts";
  static constexpr std::string_view description = "percentages in range, windows the right way";
  static constexpr std::string_view applies_to = "financial.discounts";
  static constexpr bool parallel = true;
  static constexpr auto needs = mig::needs<discount>(
      mig::col("discount_type", &discount::discount_type),
      mig::col("percentage", &discount::percentage), mig::col("valid_from", &discount::valid_from),
      mig::col("valid_until", &discount::valid_until));
  static constexpr mig::code codes[] = {
      {"discount_percent", "a percentage that is none: missing, below 0 or above 100"},
      {"discount_window", "the discount ends before it begins"}};

  void check(const discount& row, mig::verdict<discounts>& verdict) {
    if (row.discount_type == "percentage" && !is_percentage(row.percentage)) {
      return verdict.reject<"discount_percent">("percentage");
    }
    if (row.valid_from && row.valid_until && *row.valid_from > *row.valid_until) {
      verdict.note<"discount_window">("valid_until");
    }
  }

 private:
  static bool is_percentage(const std::optional<mig::numeric>& value) {
    const auto exact = value ? mig::decimal::from(*value) : std::nullopt;
    return exact && !exact->negative() && !(*exact > 100);
  }
};

struct payment {
  std::optional<mig::numeric> subtotal_amount{}, tax_amount{};
};

/// A row shows its own amounts, and only SQL can see the office beside it. The office's rate is a
/// fraction; a cent of difference is rounding.
struct taxes {
  static constexpr std::string_view name = "taxes";
  static constexpr std::string_view description =
      "no negative tax; the tax of what was charged is that of its office; what was invoiced "
      "arrives to the cent";
  static constexpr std::string_view applies_to = "financial.payments";
  static constexpr bool parallel = true;
  static constexpr auto needs =
      mig::needs<payment>(mig::col("subtotal_amount", &payment::subtotal_amount),
                          mig::col("tax_amount", &payment::tax_amount));
  static constexpr mig::code codes[] = {{"tax_negative", "a tax below 0"},
                                        {"subtotal_negative", "a price below 0 before taxes"}};
  static constexpr mig::assertion assertions[] = {
      {.name = "rate-of-the-office",
       .sql = "select p.legacy_payment_id from public.payments p "
              "join public.offices o on o.legacy_office_id = p.legacy_office_id "
              "where p.amount > 0 and p.status <> 'cancelled' "
              "and abs(p.tax_amount - p.subtotal_amount * o.tax_rate) > 0.01",
       .meaning = "the tax of a charged payment is its subtotal times the rate of its office",
       .veto = false}};
  static constexpr mig::total totals[] = {
      {.name = "invoiced",
       .source = "coalesce(subtotal_price, 0) + coalesce(tax_value, 0)",
       .target = "coalesce(subtotal_amount, 0) + coalesce(tax_amount, 0)"}};

  void check(const payment& row, mig::verdict<taxes>& verdict) {
    if (is_negative(row.tax_amount)) return verdict.reject<"tax_negative">("tax_amount");
    if (is_negative(row.subtotal_amount)) verdict.note<"subtotal_negative">("subtotal_amount");
  }
};

struct nothing {};

/// The direction of an operation is its type, never the sign of its amount.
struct refunds {
  static constexpr std::string_view name = "refunds";
  static constexpr std::string_view description = "what goes back is not more than what came";
  static constexpr std::string_view applies_to = "financial.operations";
  static constexpr auto needs = mig::needs<nothing>();
  static constexpr mig::assertion assertions[] = {
      {.name = "within-the-payment",
       .sql = "select p.legacy_payment_id from public.payments p "
              "join public.operations o on o.payment_id = p.id "
              "where o.operation_type = 'refund' group by p.id, p.legacy_payment_id, p.amount "
              "having sum(abs(o.amount)) > p.amount",
       .meaning = "the refunds of a payment add up to no more than the payment",
       .veto = false}};
  void check(const nothing&, mig::verdict<refunds>&) {}
};

struct plugin {
  static constexpr std::string_view family = "financial-controls";
  static constexpr std::string_view description =
      "refunds, discounts and taxes of the financial family, as an auditor looks at them";
};

}  // namespace financial_controls

MIGHOST_PLUGIN(financial_controls::plugin, financial_controls::discounts, financial_controls::taxes,
               financial_controls::refunds)
