// Payments for instructions, and the card processor's operations on those that cost something.

#include <algorithm>
#include <array>

#include "dealing.hpp"
#include "financial_parts.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

// The percent of the patient's office, in ten-thousandths; none where the office has a bad one.
std::int64_t tax_rate_of(const Dataset& dataset, const Patient& patient) {
  if (!patient.office || dataset.offices[*patient.office].tax_kind != TaxKind::good) {
    return 0;
  }
  const Decimal rate = dataset.offices[*patient.office].tax_rate;
  const std::int64_t units = rate.scale == 0 ? rate.units * 10'000 : rate.units;
  return units > 250'000 ? 0 : units;
}

// The same value, with the decimals that somebody happened to write.
Decimal written(Random& random, std::int64_t cents) {
  if (cents % 100 == 0 && random.chance(100)) {
    return {cents / 100, 0};
  }
  return {cents, 2};
}

// About 1,150 in the mean. The total is exactly the sum of its parts.
void make_amounts(Random& random, const Dataset& dataset, Payment& payment) {
  const Instruction& order = dataset.instructions[*payment.instruction];
  const std::int64_t rate = tax_rate_of(dataset, dataset.patients[order.patient]);
  const std::int64_t subtotal = random.between(10'000, 205'000);
  const std::int64_t tax = (subtotal * rate + 500'000) / 1'000'000;
  const std::int64_t additional = random.chance(50) ? random.between(1, 10'000) : 0;
  const std::int64_t credit = random.chance(50) ? random.between(1, 5'000) : 0;
  const std::int64_t total = subtotal + tax + additional - credit;
  payment.subtotal_price = written(random, subtotal);
  payment.tax_rate = Decimal{rate, 4};
  payment.tax_value = random.chance(300) ? Decimal{tax * 100, 4} : Decimal{tax, 2};
  if (additional > 0 || random.chance(500)) {
    payment.additional_price = Decimal{additional, 2};
  }
  if (credit > 0 || random.chance(500)) {
    payment.used_credit = Decimal{credit, 2};
  }
  payment.total_price = written(random, total);
  payment.paid_price = payment.total_price;
  if (random.chance(100)) {
    payment.custom_price = Decimal{subtotal, 2};
  }
}

// Nothing to pay: because it is free, because credit covers all, or because nobody wrote a price.
void make_zero(Random& random, Payment& payment) {
  constexpr std::array<std::uint32_t, 4> weights = {600, 300, 50, 50};
  const std::size_t kind = random.weighted(weights);
  payment.free = kind == 0;
  if (kind == 3) {
    return;
  }
  const std::int64_t covered = kind == 2 ? random.between(1'000, 90'000) : 0;
  payment.subtotal_price = Decimal{covered, 2};
  payment.used_credit = Decimal{covered, 2};
  if (random.chance(800)) {
    payment.tax_rate = Decimal{0, 4};
    payment.tax_value = Decimal{0, random.chance(500) ? 2 : 0};
    payment.additional_price = Decimal{0, 2};
  }
  payment.total_price = Decimal{0, random.chance(700) ? 2 : 0};
  payment.paid_price = Decimal{0, 2};
}

Payment make_payment(Random& random, const Dataset& dataset, int id, std::size_t instruction) {
  const Instruction& order = dataset.instructions[instruction];
  const Patient& patient = dataset.patients[order.patient];
  Payment payment;
  payment.id = id;
  payment.instruction = instruction;
  payment.doctor = patient.doctor;
  payment.office = patient.office;
  const Instant since = order.submitted_at.value_or(dataset.users[patient.user].date_joined);
  const std::int64_t end = start_of(today()).micros;
  payment.made_at = Instant{std::min(end, since.micros + random.between(0, 20 * micros_per_day))};
  if (random.chance(220)) {
    make_amounts(random, dataset, payment);
  } else {
    make_zero(random, payment);
  }
  payment.paid = !payment.free || random.chance(500);
  payment.netsuite = random.chance(10);
  if (!random.chance(100)) {
    payment.installments = healthy_json(random);
  }
  return payment;
}

void make_payments(Dataset& dataset) {
  Random random = dataset.random("payments");
  IdAllocator ids(dataset.random("payment ids"), 1, 120);
  const std::size_t count = dataset.knobs.count("payments");
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t instruction = i * dataset.instructions.size() / count;
    dataset.payments.push_back(make_payment(random, dataset, ids.next(), instruction));
  }
}

// Cancelled, pending and undated payments are as they should be: nothing is remarked.
void plant_payment_shapes(Dataset& dataset) {
  Pool pool(dataset.random("payment shapes"),
            indexes_where(dataset.payments, [](const Payment& payment) { return !payment.free; }));
  const auto each = [&](std::string_view knob, auto change) {
    const std::size_t count = dataset.payments.size();
    const std::size_t wanted = std::min(count / 10, dataset.knobs.planted(knob, count));
    for (const std::size_t payment : pool.take(wanted, knob)) {
      change(dataset.payments[payment]);
    }
  };
  each("payment_canceled", [](Payment& payment) {
    payment.canceled = true;
    payment.paid = false;
  });
  each("payment_pending", [](Payment& payment) { payment.paid = false; });
  each("payment_undated", [](Payment& payment) { payment.made_at.reset(); });
}

void make_card(Random& random, Operation& operation) {
  constexpr std::array<std::string_view, 5> brands = {"VISA", "MASTERCARD", "AMERICAN_EXPRESS",
                                                      "JCB", "DISCOVER"};
  constexpr std::string_view alphabet = "ABCDEFGHJKMNPQRSTVWXYZ0123456789";
  operation.sq_order_id = random.characters(alphabet, 22);
  operation.sq_payment_id = random.characters(alphabet, 22);
  if (operation.type == 2) {
    operation.sq_refund_id = *operation.sq_payment_id + "_" + random.characters(alphabet, 8);
  }
  if (random.chance(50)) {
    return;
  }
  operation.card_brand = std::string(random.one_of(brands));
  operation.card_bin = random.characters("0123456789", 6);
  operation.card_last = random.characters("0123456789", 4);
  operation.office_card = random.chance(400);
}

bool costs_something(const Payment& payment) {
  return payment.total_price && payment.total_price->units > 0;
}

void make_operations(Dataset& dataset) {
  Random random = dataset.random("operations");
  IdAllocator ids(dataset.random("operation ids"), 1, 90);
  const auto payments = indexes_where(dataset.payments, costs_something);
  const std::size_t count = dataset.knobs.count("operations");
  if (count > 0 && payments.empty()) {
    throw Error("there are operations and no payment that costs something", "knob payments",
                "raise it, or set operations to 0");
  }
  for (std::size_t i = 0; i < count; ++i) {
    Operation operation;
    operation.id = ids.next();
    operation.payment = payments[i * payments.size() / count];
    const Payment& payment = dataset.payments[operation.payment];
    operation.type = 1;
    const Instant since = payment.made_at.value_or(start_of(date_of(2024, 2, 29)));
    operation.made_at = Instant{since.micros + random.between(0, micros_per_day)};
    operation.price = payment.total_price;
    if (!random.chance(150)) {
      operation.attempts = static_cast<int>(random.between(1, 3));
    }
    dataset.operations.push_back(std::move(operation));
  }
}

// Refunds with either sign, partial ones, and ones larger than the payment (D-53).
void plant_refunds(Dataset& dataset) {
  Pool pool(dataset.random("refunds"),
            indexes_where(dataset.operations, [](const Operation&) { return true; }));
  const std::size_t count = dataset.operations.size();
  const std::size_t wanted = std::min(count / 2, dataset.knobs.planted("operation_refund", count));
  std::size_t rotation = 0;
  for (const std::size_t index : pool.take(wanted, "operation_refund")) {
    Operation& operation = dataset.operations[index];
    operation.type = 2;
    const std::array<std::int64_t, 4> factors = {1, -1, -2, 3};
    operation.price->units *= factors[rotation++ % factors.size()];
  }
  const std::size_t unpriced = dataset.knobs.planted("operation_unpriced", count);
  for (const std::size_t index : pool.take(std::min(count / 4, unpriced), "operation_unpriced")) {
    dataset.operations[index].price.reset();
  }
}

}  // namespace

void generate_payments(Dataset& dataset) {
  make_payments(dataset);
  plant_payment_shapes(dataset);
  make_operations(dataset);
  plant_refunds(dataset);
  Random random = dataset.random("cards");
  for (Operation& operation : dataset.operations) {
    make_card(random, operation);
  }
}

void write_payments(const Dataset& dataset, Sink& sink) {
  write_table(
      sink, "dispatch_payment",
      "id, made_at, free, tax_rate, tax_value, paid_price, instruction_id, used_credit, canceled,"
      " paid, custom_price, subtotal_price, doctor_id, office_id, order_id, installments,"
      " additional_price, netsuite, total_price",
      dataset.payments, [&dataset](TableWriter& writer, const Payment& payment) {
        writer.row(payment.id, payment.made_at, payment.free, payment.tax_rate, payment.tax_value,
                   payment.paid_price, id_of(dataset.instructions, payment.instruction),
                   payment.used_credit, payment.canceled, payment.paid, payment.custom_price,
                   payment.subtotal_price, id_of(dataset.users, payment.doctor),
                   id_of(dataset.offices, payment.office), id_of(dataset.baskets, payment.basket),
                   payment.installments.text, payment.additional_price, payment.netsuite,
                   payment.total_price);
      });
  write_table(sink, "dispatch_operation",
              "id, type, made_at, price, sq_order_id, sq_payment_id, sq_refund_id, card_brand,"
              " card_bin, card_last, office_card, payment_id, attempts",
              dataset.operations, [&dataset](TableWriter& writer, const Operation& operation) {
                writer.row(operation.id, operation.type, operation.made_at, operation.price,
                           operation.sq_order_id, operation.sq_payment_id, operation.sq_refund_id,
                           operation.card_brand, operation.card_bin, operation.card_last,
                           operation.office_card, dataset.payments[operation.payment].id,
                           operation.attempts);
              });
}

}  // namespace mighost::dataset
