// core.offices: all of them, the invalid ones as inactive, because patients refer to those as well
// (domain 3.2, D-14).
#pragma once

#include "rules.hpp"

namespace core {

struct legacy_office {
  std::int64_t id = 0;
  maybe_text name{}, address{}, apt{}, city{}, state{}, zip{}, country{}, phone{};
  mig::decimal tax_rate{};
  bool valid = false;
  maybe_text sq_customer_id{};
  bool emails = false;
};

struct office {
  std::string_view name{};
  maybe_text address{}, apartment{}, city{}, state{}, zip_code{}, country{}, phone{};
  mig::decimal tax_rate{};
  maybe_text square_customer_id{};
  bool is_active = false;
  bool email_notifications = false;
  std::int64_t legacy_office_id = 0;
  mig::json metadata{};
};

struct offices {
  static constexpr std::string_view name = "offices";
  static constexpr std::string_view description =
      "offices of the doctors, with the tax rate as a fraction and the country in one spelling";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_office>(
      "public.dispatch_office", mig::key("id", &legacy_office::id),
      mig::col("name", &legacy_office::name), mig::col("address", &legacy_office::address),
      mig::col("apt", &legacy_office::apt), mig::col("city", &legacy_office::city),
      mig::col("state", &legacy_office::state), mig::col("zip", &legacy_office::zip),
      mig::col("country", &legacy_office::country), mig::col("phone", &legacy_office::phone),
      mig::col("tax_rate", &legacy_office::tax_rate), mig::col("valid", &legacy_office::valid),
      mig::col("sq_customer_id", &legacy_office::sq_customer_id),
      mig::col("emails", &legacy_office::emails));

  static constexpr auto target = mig::into<office>(
      "public.offices", mig::identity("id"),
      mig::legacy("legacy_office_id", &office::legacy_office_id), mig::col("name", &office::name),
      mig::col("address", &office::address), mig::col("apartment", &office::apartment),
      mig::col("city", &office::city), mig::col("state", &office::state),
      mig::col("zip_code", &office::zip_code), mig::col("country", &office::country),
      mig::col("phone", &office::phone), mig::col("tax_rate", &office::tax_rate),
      mig::col("square_customer_id", &office::square_customer_id),
      mig::col("is_active", &office::is_active),
      mig::col("email_notifications", &office::email_notifications),
      mig::col("metadata", &office::metadata));

  static constexpr mig::code codes[] = {
      {"tax_rate_ambiguous", "between 0 and 1: per cent or a fraction, nobody can tell"},
      {"tax_rate_range", "a tax rate below 0 or above 100 per cent"},
      {"decimal_range", "a tax rate with more digits than a number of this plugin holds"},
      {"phone_invalid", "a phone number with fewer than 7 digits; kept in the metadata only"},
      name_missing,
  };

  void transform(const legacy_office& row, mig::output<offices>& out) {
    const std::optional<mig::decimal> tax_rate = fraction(row.tax_rate, out);
    if (!tax_rate) return;
    metadata_.clear();
    office to{.legacy_office_id = row.id};
    to.name = office_name(row, out);
    to.address = tidied(row.address, out);
    to.apartment = tidied(row.apt, out);
    to.city = tidied(row.city, out);
    to.state = state(row.state, out);
    // Only the blanks go: "150-0001" and "SW1A 1AA" are postal codes too (D-17).
    if (row.zip) to.zip_code = mig::trim(*row.zip);
    to.country = country_name(row.country, out);
    to.phone = phone(row.phone, out);
    to.tax_rate = *tax_rate;
    to.square_customer_id = row.sq_customer_id;
    to.is_active = row.valid;
    to.email_notifications = row.emails;
    to.metadata = out.keep(metadata_);
    out.row(to);
  }

 private:
  /// Per cent to a fraction (D-15). From 0 to 1 only 0 means the same both ways.
  static std::optional<mig::decimal> fraction(const mig::decimal& percent,
                                              mig::output<offices>& out) {
    if (percent < 0 || percent > 100) {
      out.reject<"tax_rate_range">("tax_rate", text_of(percent));
      return std::nullopt;
    }
    if (percent > 0 && percent <= 1) {
      out.reject<"tax_rate_ambiguous">("tax_rate", text_of(percent));
      return std::nullopt;
    }
    const std::optional<mig::decimal> quotient = percent.shift_decimal_point(-2);
    if (!quotient) out.reject<"decimal_range">("tax_rate", text_of(percent));
    return quotient;
  }

  static std::string text_of(const mig::decimal& value) {
    std::array<char, mig::decimal::max_text_size> text{};
    return {text.data(), value.write_text(text.data())};
  }

  std::string_view office_name(const legacy_office& row, mig::output<offices>& out) {
    if (const maybe_text given = tidied(row.name, out)) return *given;
    metadata_.add("name_missing", true);
    return name_or_number(std::nullopt, "Office", row.id, out);
  }

  static maybe_text state(maybe_text raw, mig::output<offices>& out) {
    if (!raw) return std::nullopt;
    const std::string_view trim = mig::trim(*raw);
    std::string buffer;
    const std::string_view upper = mig::ascii_upper(trim, buffer);
    return upper.data() == trim.data() ? upper : out.keep(upper);
  }

  maybe_text phone(maybe_text raw, mig::output<offices>& out) {
    if (!trimmed(raw)) return std::nullopt;
    metadata_.add("phone_raw", *raw);
    const maybe_text number = phone_number(*raw, out);
    if (!number) out.note<"phone_invalid">("phone");
    return number;
  }

  mig::json_object metadata_;
};

}  // namespace core
