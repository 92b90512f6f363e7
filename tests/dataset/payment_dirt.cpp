// What is wrong with payments and their operations (D-50, D-53, D-54). Each row has at most one
// defect; operations with a defect of their own belong to payments that go.

#include <array>

#include "dealing.hpp"
#include "financial_parts.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

class PaymentDirt {
 public:
  explicit PaymentDirt(Dataset& dataset)
      : dataset_(dataset), random_(dataset.random("payment dirt")) {}

  void plant() {
    plant_amounts();
    Pool pool(dataset_.random("payment defects"), indexes_where(dataset_.payments, is_good));
    plant_parents(pool);
    plant_flags(pool);
    plant_totals(pool);
    plant_installments(pool);
  }

 private:
  static bool is_good(const Payment& payment) { return payment.amounts == AmountKind::good; }

  std::size_t wanted(std::string_view knob) const {
    return dataset_.knobs.planted(knob, dataset_.payments.size());
  }

  // Payments with operations come first, so that the loss of a payment is felt.
  std::vector<std::size_t> payments_for_amounts() {
    std::vector<bool> operated(dataset_.payments.size());
    for (const Operation& operation : dataset_.operations) {
      operated[operation.payment] = true;
    }
    std::vector<std::size_t> felt;
    std::vector<std::size_t> others;
    for (std::size_t payment = 0; payment < operated.size(); ++payment) {
      (operated[payment] ? felt : others).push_back(payment);
    }
    random_.shuffle(felt);
    felt.insert(felt.end(), others.begin(), others.end());
    return felt;
  }

  // Too many decimals: five of the tax, three of the total or the subtotal. Four of the tax are
  // allowed. Too many digits: eleven before the point.
  void plant_amounts() {
    const auto payments = payments_for_amounts();
    const std::size_t fine = wanted("payment_fine");
    const std::size_t huge = wanted("payment_range");
    if (fine + huge > payments.size()) {
      throw Error("there are not so many payments", "knobs payment_fine, payment_range",
                  "lower them or raise payments");
    }
    for (std::size_t i = 0; i < fine + huge; ++i) {
      Payment& payment = dataset_.payments[payments[i]];
      payment.amounts = i < fine ? AmountKind::too_fine : AmountKind::out_of_range;
      if (i >= fine) {
        payment.total_price = Decimal{random_.between(1, 9) * 1'000'000'000'000, 2};
      } else if (i % 3 == 0) {
        payment.tax_value = Decimal{random_.between(100'000, 900'000) * 10 + 1, 5};
      } else {
        const Decimal price{random_.between(10'000, 90'000) * 10 + 5, 3};
        (i % 3 == 1 ? payment.total_price : payment.subtotal_price) = price;
      }
    }
  }

  void plant_parents(Pool& pool) {
    for (const std::size_t index :
         pool.take(wanted("payment_no_instruction"), "payment_no_instruction")) {
      dataset_.payments[index].instruction.reset();
    }
    const std::size_t baskets = dataset_.baskets.empty() ? 0 : wanted("payment_basket");
    for (const std::size_t index : pool.take(baskets, "payment_basket")) {
      dataset_.payments[index].instruction.reset();
      dataset_.payments[index].basket = random_.below(dataset_.baskets.size());
    }
  }

  void plant_flags(Pool& pool) {
    std::size_t rotation = 0;
    for (const std::size_t index :
         pool.take(wanted("payment_flag_conflict"), "payment_flag_conflict")) {
      Payment& payment = dataset_.payments[index];
      payment.flag_conflict = true;
      if (rotation++ % 2 == 0) {
        payment.paid = true;
        payment.canceled = true;
      } else {
        payment.free = true;
        payment.total_price = Decimal{random_.between(1, 90'000), 2};
        payment.subtotal_price = payment.total_price;
        payment.tax_value.reset();
        payment.additional_price.reset();
        payment.used_credit = Decimal{0, 2};
      }
    }
  }

  // By some cents, or by a tax of less than a cent: the total that the customer pays has none.
  void plant_totals(Pool& pool) {
    std::size_t rotation = 0;
    for (const std::size_t index :
         pool.take(wanted("payment_inconsistent"), "payment_inconsistent")) {
      Payment& payment = dataset_.payments[index];
      payment.inconsistent = true;
      if (!payment.total_price) {
        payment.total_price = Decimal{0, 2};
      }
      if (rotation++ % 2 == 0) {
        const std::int64_t difference = random_.between(1, 2'000);
        const std::int64_t before = payment.additional_price ? payment.additional_price->units : 0;
        payment.additional_price = Decimal{before + difference, 2};
      } else {
        const Decimal tax = payment.tax_value.value_or(Decimal{0, 4});
        const std::int64_t units =
            tax.scale == 4 ? tax.units : tax.units * (tax.scale == 2 ? 100 : 10'000);
        payment.tax_value = Decimal{units + random_.between(1, 49), 4};
      }
    }
  }

  void plant_installments(Pool& pool) {
    std::size_t rotation = random_.below(100);
    for (const std::size_t index : pool.take(wanted("installments_bad"), "installments_bad")) {
      dataset_.payments[index].installments = json_text(random_, JsonKind::invalid, rotation++);
    }
    for (const std::size_t index : pool.take(wanted("installments_nul"), "installments_nul")) {
      dataset_.payments[index].installments = json_text(random_, JsonKind::nul, rotation++);
    }
  }

  Dataset& dataset_;
  Random random_;
};

void plant_operation_dirt(Dataset& dataset) {
  constexpr std::array<int, 4> codes = {3, 0, 9, -1};
  Random random = dataset.random("operation dirt");
  Pool pool(dataset.random("operation defects"),
            indexes_where(dataset.operations, [&dataset](const Operation& operation) {
              return dataset.payments[operation.payment].amounts == AmountKind::good;
            }));
  const auto wanted = [&dataset](std::string_view knob) {
    return dataset.knobs.planted(knob, dataset.operations.size());
  };
  std::size_t rotation = 0;
  for (const std::size_t operation : pool.take(wanted("op_unknown_type"), "op_unknown_type")) {
    dataset.operations[operation].type = codes[rotation++ % codes.size()];
    dataset.operations[operation].type_unknown = true;
  }
  for (const std::size_t operation : pool.take(wanted("op_null_type"), "op_null_type")) {
    dataset.operations[operation].type.reset();
  }
  for (const std::size_t operation : pool.take(wanted("operation_fine"), "operation_fine")) {
    dataset.operations[operation].price = Decimal{random.between(10'000, 90'000) * 10 + 5, 3};
    dataset.operations[operation].amounts = AmountKind::too_fine;
  }
}

}  // namespace

void plant_payment_dirt(Dataset& dataset) {
  PaymentDirt(dataset).plant();
  plant_operation_dirt(dataset);
}

}  // namespace mighost::dataset
