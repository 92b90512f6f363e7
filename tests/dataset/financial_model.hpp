// The rows of the financial tables in memory, each with what was planted in it. See model.hpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "model.hpp"
#include "values.hpp"

namespace mighost::dataset {

// What the host says of an amount for its target column.
enum class AmountKind { good, too_fine, out_of_range };

struct Offer {
  int id = 0;
  std::optional<Decimal> both, upper, lower;
  std::optional<std::size_t> doctor;     // a user; empty when doctor_id is NULL or dangling
  std::optional<int> deleted_doctor_id;  // a user id that does not exist
  std::size_t product = 0;

  AmountKind amounts = AmountKind::good;
};

struct Discount {
  int id = 0;
  Decimal percent;
  std::optional<std::string> reason;
  std::optional<int> count;
  std::optional<Instant> start, finish;
  std::optional<bool> total;
  std::optional<int> used;
  std::optional<std::size_t> offer;     // empty when offer_id is NULL or dangling
  std::optional<int> missing_offer_id;  // an offer id that does not exist

  bool reason_missing = false;
  bool percent_bad = false;
  bool percent_too_fine = false;
  bool inverted = false;
  bool overused = false;
};

struct Payment {
  int id = 0;
  std::optional<Instant> made_at;
  bool free = false;
  bool canceled = false;
  bool paid = false;
  bool netsuite = false;
  std::optional<Decimal> tax_rate, tax_value, paid_price, used_credit, custom_price, subtotal_price,
      additional_price, total_price;
  std::optional<std::size_t> instruction;
  std::optional<std::size_t> doctor;  // a user
  std::optional<std::size_t> office;
  std::optional<std::size_t> basket;
  JsonText installments;

  AmountKind amounts = AmountKind::good;
  bool flag_conflict = false;
  bool inconsistent = false;
};

struct Operation {
  int id = 0;
  std::optional<int> type;
  Instant made_at;
  std::optional<Decimal> price;
  std::optional<std::string> sq_order_id, sq_payment_id, sq_refund_id;
  std::optional<std::string> card_brand, card_bin, card_last;
  std::optional<bool> office_card;
  std::size_t payment = 0;
  std::optional<int> attempts;

  bool type_unknown = false;
  AmountKind amounts = AmountKind::good;
};

struct Purchase {
  int id = 0;
  std::optional<int> quantity;
  std::optional<Decimal> price;
  std::optional<std::size_t> basket;
  std::optional<std::size_t> product;

  AmountKind amounts = AmountKind::good;
};

}  // namespace mighost::dataset
