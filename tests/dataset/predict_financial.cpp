// What docs/families/financial.md makes of every planted row. Written from that page and from the
// planted facts alone.

#include <initializer_list>

#include "financial_parts.hpp"

namespace mighost::dataset {

namespace {

using Amount = std::optional<Decimal>;

// One control total: NULL adds nothing anywhere.
class Total {
 public:
  void add(const Amount& amount, bool arrives) {
    if (amount) {
      source_.add(*amount);
      (arrives ? target_ : held_back_).add(*amount);
    }
  }
  void report(Oracle& oracle, std::string_view name) const {
    oracle.control_total(name, source_, target_, held_back_);
  }

 private:
  DecimalSum source_;
  DecimalSum target_;
  DecimalSum held_back_;
};

bool is_less(const Decimal& left, const Decimal& right) {
  const auto at = [](Decimal decimal, int scale) {
    for (; decimal.scale < scale; ++decimal.scale) {
      decimal.units *= 10;
    }
    return decimal.units;
  };
  const int scale = std::max(left.scale, right.scale);
  return at(left, scale) < at(right, scale);
}

Amount greatest(std::initializer_list<Amount> amounts) {
  Amount found;
  for (const Amount& amount : amounts) {
    if (amount && (!found || is_less(*found, *amount))) {
      found = amount;
    }
  }
  return found;
}

std::string_view code_of(AmountKind kind) {
  return kind == AmountKind::too_fine ? "numeric_rounding" : "numeric_range";
}

std::string_view status_of(const Payment& payment) {
  return payment.canceled ? "cancelled" : payment.paid || payment.free ? "completed" : "pending";
}

class FinancialPrediction {
 public:
  FinancialPrediction(const Dataset& dataset, Oracle& oracle)
      : dataset_(dataset), oracle_(oracle), fates_(oracle.fates) {}

  void run() {
    predict_offers();
    predict_discounts();
    predict_payments();
    predict_operations();
    predict_purchases();
  }

 private:
  bool doctor_lost(const Offer& offer) const {
    if (offer.deleted_doctor_id) {
      return lost(fates_.doctor(*offer.deleted_doctor_id));
    }
    return offer.doctor && lost(fates_.doctor(dataset_.users[*offer.doctor].id));
  }

  void predict_offers() {
    Tally& tally = oracle_.entity("financial.offers");
    Total amount;
    Total both;
    Total upper;
    Total lower;
    for (const Offer& offer : dataset_.offers) {
      const bool arrives = offer.amounts == AmountKind::good;
      offers_.push_back(arrives ? Fate::written : Fate::held_back);
      const Amount most = greatest({offer.both, offer.upper, offer.lower});
      amount.add(most, arrives);
      both.add(offer.both, arrives);
      upper.add(offer.upper, arrives);
      lower.add(offer.lower, arrives);
      if (!arrives) {
        tally.quarantined(code_of(offer.amounts));
        continue;
      }
      tally.written(
          {{!offer.doctor && !offer.deleted_doctor_id, "doctor_missing"},
           {doctor_lost(offer) || lost(fates_.products[offer.product]), "missing_parent"}});
      oracle_.fact("financial.offers.offer_amount", most ? "set" : "null");
    }
    amount.report(oracle_, "financial.offers/offer amount");
    both.report(oracle_, "financial.offers/offer price both");
    upper.report(oracle_, "financial.offers/offer price upper");
    lower.report(oracle_, "financial.offers/offer price lower");
  }

  bool discount_arrives(Tally& tally, const Discount& discount) {
    if (discount.percent_bad) {
      tally.quarantined("percent_range");
      return false;
    }
    if (!resolved(tally, discount.offer ? offers_[*discount.offer] : Fate::missing)) {
      return false;
    }
    if (discount.percent_too_fine) {
      tally.quarantined("numeric_rounding");
      return false;
    }
    tally.written({{discount.reason_missing, "name_missing"},
                   {discount.inverted, "window_inverted"},
                   {discount.overused, "overused"}});
    return true;
  }

  void predict_discounts() {
    Tally& tally = oracle_.entity("financial.discounts");
    Total percent;
    for (const Discount& discount : dataset_.discounts) {
      percent.add(discount.percent, discount_arrives(tally, discount));
    }
    percent.report(oracle_, "financial.discounts/discount percent");
  }

  // The order, or the patient of the order, is named and does not go.
  bool parent_lost(const Payment& payment) const {
    if (!payment.instruction) {
      return false;
    }
    const Instruction& order = dataset_.instructions[*payment.instruction];
    return lost(fates_.orders[*payment.instruction]) || order.missing_patient_id ||
           lost(fates_.patients[order.patient]);
  }

  void tell_payment(Tally& tally, const Payment& payment, bool has_operation) {
    const bool in_basket = payment.basket.has_value();
    tally.written({{parent_lost(payment), "missing_parent"},
                   {payment.flag_conflict, "flag_conflict"},
                   {payment.inconsistent, "inconsistent_total"},
                   {!payment.instruction && in_basket, "basket_payment"},
                   {!payment.instruction && !in_basket, "no_order"},
                   {payment.installments.kind == JsonKind::invalid, "json_invalid"},
                   {payment.installments.kind == JsonKind::nul, "nul_replaced"}});
    const std::string_view status = status_of(payment);
    oracle_.fact("financial.payments.status", status);
    oracle_.fact("financial.payments.payment_method", has_operation      ? "card"
                                                      : payment.netsuite ? "other"
                                                                         : "null");
    oracle_.fact("financial.payments.processed_at",
                 payment.made_at && status == "completed" ? "set" : "null");
  }

  void predict_payments() {
    Tally& tally = oracle_.entity("financial.payments");
    std::vector<bool> has_operation(dataset_.payments.size());
    for (const Operation& operation : dataset_.operations) {
      has_operation[operation.payment] = true;
    }
    Total total;
    Total subtotal;
    Total tax;
    Total credit;
    Total paid;
    for (std::size_t i = 0; i < dataset_.payments.size(); ++i) {
      const Payment& payment = dataset_.payments[i];
      const bool arrives = payment.amounts == AmountKind::good;
      payments_.push_back(arrives ? Fate::written : Fate::held_back);
      total.add(payment.total_price, arrives);
      subtotal.add(payment.subtotal_price, arrives);
      tax.add(payment.tax_value, arrives);
      credit.add(payment.used_credit, arrives);
      paid.add(payment.paid_price, arrives);
      if (arrives) {
        tell_payment(tally, payment, has_operation[i]);
      } else {
        tally.quarantined(code_of(payment.amounts));
      }
    }
    total.report(oracle_, "financial.payments/payment total");
    subtotal.report(oracle_, "financial.payments/payment subtotal");
    tax.report(oracle_, "financial.payments/payment tax");
    credit.report(oracle_, "financial.payments/payment used credit");
    paid.report(oracle_, "financial.payments/payment paid price");
  }

  bool case_lost(const Operation& operation) const {
    const auto& instruction = dataset_.payments[operation.payment].instruction;
    if (!instruction) {
      return false;
    }
    const Instruction& order = dataset_.instructions[*instruction];
    return order.missing_patient_id || lost(fates_.cases[order.patient]);
  }

  bool operation_arrives(Tally& tally, const Operation& operation) {
    if (operation.type_unknown) {
      tally.quarantined("unknown_enum");
      return false;
    }
    if (!operation.type) {
      tally.quarantined("operation_type_missing");
      return false;
    }
    if (!resolved(tally, payments_[operation.payment])) {
      return false;
    }
    if (operation.amounts != AmountKind::good) {
      tally.quarantined(code_of(operation.amounts));
      return false;
    }
    tally.written({{case_lost(operation), "missing_parent"}});
    oracle_.fact("financial.operations.operation_type", operation.type == 1 ? "payment" : "refund");
    return true;
  }

  void predict_operations() {
    Tally& tally = oracle_.entity("financial.operations");
    Total all;
    Total payments;
    Total refunds;
    for (const Operation& operation : dataset_.operations) {
      const bool arrives = operation_arrives(tally, operation);
      all.add(operation.price, arrives);
      if (operation.type == 1) {
        payments.add(operation.price, arrives);
      } else if (operation.type == 2) {
        refunds.add(operation.price, arrives);
      }
    }
    all.report(oracle_, "financial.operations/operation price");
    payments.report(oracle_, "financial.operations/operation price of type 1");
    refunds.report(oracle_, "financial.operations/operation price of type 2");
  }

  void predict_purchases() {
    Tally& tally = oracle_.entity("financial.purchases");
    Total unit_price;
    Total line_total;
    for (const Purchase& purchase : dataset_.purchases) {
      const bool arrives = purchase.quantity && purchase.amounts == AmountKind::good;
      unit_price.add(purchase.price, arrives);
      if (purchase.price && purchase.quantity) {
        line_total.add(Decimal{purchase.price->units * *purchase.quantity, purchase.price->scale},
                       arrives);
      }
      if (!purchase.quantity) {
        tally.quarantined("quantity_missing");
      } else if (!arrives) {
        tally.quarantined(code_of(purchase.amounts));
      } else {
        tally.written(
            {{purchase.product && lost(fates_.products[*purchase.product]), "missing_parent"}});
      }
    }
    unit_price.report(oracle_, "financial.purchases/purchase unit price");
    line_total.report(oracle_, "financial.purchases/purchase line total");
  }

  const Dataset& dataset_;
  Oracle& oracle_;
  Fates& fates_;
  std::vector<Fate> offers_;
  std::vector<Fate> payments_;
};

}  // namespace

void predict_financial(const Dataset& dataset, Oracle& oracle) {
  FinancialPrediction(dataset, oracle).run();
}

}  // namespace mighost::dataset
