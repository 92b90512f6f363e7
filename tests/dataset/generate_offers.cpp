// Offers, which are price lists of a doctor for a product, and the discounts on them.

#include <array>

#include "core_rules.hpp"
#include "dealing.hpp"
#include "financial_parts.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

// Up to 1,995.00, about 931 in the mean. The same value is now and then written with no decimals
// or with four.
Decimal written_price(Random& random, std::int64_t cents) {
  if (cents % 100 == 0 && random.chance(200)) {
    return {cents / 100, 0};
  }
  return random.chance(50) ? Decimal{cents * 100, 4} : Decimal{cents, 2};
}

void make_prices(Random& random, Offer& offer) {
  const std::int64_t steps = random.between(0, 1'995);
  const std::int64_t cents = random.chance(100) ? steps * 100 - steps % 50 : steps * 100;
  const auto maybe = [&random](std::uint32_t per_thousand, std::int64_t price) {
    const bool given = random.chance(per_thousand);
    return given ? std::optional<Decimal>(written_price(random, price)) : std::nullopt;
  };
  offer.both = maybe(940, cents);
  // One jaw may cost as much as both, and sometimes more: the greatest is not always the first.
  offer.upper = maybe(850, random.chance(100) ? cents + 2'500 : cents * 11 / 20);
  offer.lower = maybe(850, cents * 11 / 20);
}

void make_offers(Dataset& dataset) {
  Random random = dataset.random("offers");
  IdAllocator ids(dataset.random("offer ids"), 1, 170);
  const auto doctors =
      indexes_where(dataset.users, [](const User& user) { return user.groups.test(group_doctor); });
  for (std::size_t i = 0; i < dataset.knobs.count("offers"); ++i) {
    Offer offer;
    offer.id = ids.next();
    make_prices(random, offer);
    offer.doctor = random.chance(500) ? random.one_of(dataset.practising) : random.one_of(doctors);
    offer.product = random.below(dataset.products.size());
    dataset.offers.push_back(std::move(offer));
  }
}

Discount make_discount(Random& random, int id) {
  constexpr std::array<std::string_view, 4> reasons = {"academic", "fast-track", "resident",
                                                       "研修医"};
  // 100 in six of nine: about 87 in the mean.
  constexpr std::array<std::int64_t, 9> cents = {10'000, 10'000, 10'000, 10'000, 10'000,
                                                 10'000, 5'000,  8'750,  1'300};
  Discount discount;
  discount.id = id;
  const std::int64_t percent = random.one_of(cents);
  discount.percent =
      percent % 100 == 0 && random.chance(500) ? Decimal{percent / 100, 0} : Decimal{percent, 2};
  discount.reason = roughened(random, std::string(random.one_of(reasons)));
  if (random.chance(600)) {
    discount.count = static_cast<int>(random.between(1, 50));
  }
  if (random.chance(700)) {
    discount.used = static_cast<int>(random.between(0, discount.count.value_or(30)));
  }
  const std::int64_t start = start_of(today()).micros - random.between(1, 900) * micros_per_day;
  const std::int64_t days = random.between(0, 365);
  if (random.chance(800)) {
    discount.start = Instant{start};
  }
  if (random.chance(700)) {
    discount.finish = Instant{start + days * micros_per_day};
  }
  if (random.chance(900)) {
    discount.total = random.chance(300);
  }
  return discount;
}

void make_discounts(Dataset& dataset) {
  Random random = dataset.random("discounts");
  IdAllocator ids(dataset.random("discount ids"), 2, 250);
  const std::size_t count = dataset.knobs.count("discounts");
  if (count > 0 && dataset.offers.empty()) {
    throw Error("there are discounts and no offers for them", "knob offers", "raise it");
  }
  for (std::size_t i = 0; i < count; ++i) {
    Discount discount = make_discount(random, ids.next());
    discount.offer = random.below(dataset.offers.size());
    dataset.discounts.push_back(std::move(discount));
  }
}

// Of two offers that name no doctor, one names a user who is none, and one names nobody at all.
void plant_offer_doctors(Dataset& dataset, Pool& pool) {
  Random random = dataset.random("offer doctors");
  const std::size_t count = dataset.offers.size();
  const auto doctors = doctors_by_user_id(dataset);
  const auto strangers = indexes_where(
      dataset.users, [&doctors](const User& user) { return !doctors.contains(user.id); });
  const auto gone = misleading_ids(dataset.unused_user_ids, dataset.patients);
  bool exists = true;
  for (const std::size_t index :
       pool.take(dataset.knobs.planted("offer_unknown_doctor", count), "offer_unknown_doctor")) {
    Offer& offer = dataset.offers[index];
    offer.doctor.reset();
    if (exists && !strangers.empty()) {
      offer.doctor = random.one_of(strangers);
    } else {
      offer.deleted_doctor_id = random.one_of(gone);
    }
    exists = !exists;
  }
  for (const std::size_t offer :
       pool.take(dataset.knobs.planted("offer_no_doctor", count), "offer_no_doctor")) {
    dataset.offers[offer].doctor.reset();
  }
}

// Offers that have a discount come first, so that the loss of an offer is felt.
void plant_fine_prices(Dataset& dataset) {
  std::vector<bool> discounted(dataset.offers.size());
  for (const Discount& discount : dataset.discounts) {
    discounted[*discount.offer] = true;
  }
  std::vector<std::size_t> felt;
  std::vector<std::size_t> others;
  for (std::size_t offer = 0; offer < dataset.offers.size(); ++offer) {
    (discounted[offer] ? felt : others).push_back(offer);
  }
  Random random = dataset.random("fine offers");
  const std::size_t wanted = dataset.knobs.planted("offer_fine", dataset.offers.size());
  const std::size_t first = std::min(wanted, felt.size());
  Pool felt_pool(random, std::move(felt));
  Pool other_pool(random, std::move(others));
  std::size_t rotation = random.below(3);
  const auto plant = [&](std::size_t index) {
    Offer& offer = dataset.offers[index];
    const std::array<std::optional<Decimal>*, 3> prices = {&offer.both, &offer.upper, &offer.lower};
    *prices[rotation++ % prices.size()] = Decimal{random.between(1'000, 99'999) * 10 + 5, 3};
    offer.amounts = AmountKind::too_fine;
  };
  for (const std::size_t offer : felt_pool.take(first, "offer_fine")) {
    plant(offer);
  }
  for (const std::size_t offer : other_pool.take(wanted - first, "offer_fine")) {
    plant(offer);
  }
}

// Discounts on sound offers take all the other defects.
void plant_discount_dirt(Dataset& dataset) {
  constexpr std::array<Decimal, 4> out_of_range = {{{15'000, 2}, {-500, 2}, {10'001, 2}, {-1, 0}}};
  Random random = dataset.random("discount dirt");
  Pool pool(dataset.random("discount defects"),
            indexes_where(dataset.discounts, [&dataset](const Discount& discount) {
              return dataset.offers[*discount.offer].amounts == AmountKind::good;
            }));
  const auto plant = [&](std::string_view knob, auto defect) {
    std::size_t rotation = random.below(100);
    const std::size_t wanted = dataset.knobs.planted(knob, dataset.discounts.size());
    for (const std::size_t discount : pool.take(wanted, knob)) {
      defect(dataset.discounts[discount], rotation++);
    }
  };
  const auto missing = misleading_ids(gaps_in(dataset.offers), dataset.discounts);
  plant("discount_parent_missing", [&](Discount& discount, std::size_t rotation) {
    discount.offer.reset();
    if (rotation % 2 == 0) {
      discount.missing_offer_id = random.one_of(missing);
    }
  });
  plant("discount_percent", [&](Discount& discount, std::size_t rotation) {
    discount.percent = out_of_range[rotation % out_of_range.size()];
    discount.percent_bad = true;
  });
  plant("discount_percent_fine", [&](Discount& discount, std::size_t) {
    discount.percent = {random.between(1'000, 9'999) * 10 + 5, 3};
    discount.percent_too_fine = true;
  });
  plant("discount_reason", [&](Discount& discount, std::size_t rotation) {
    discount.reason =
        rotation % 2 == 0 ? std::nullopt : std::optional<std::string>(empty_text(random));
    discount.reason_missing = true;
  });
  plant("discount_window", [&](Discount& discount, std::size_t) {
    discount.start = start_of(today());
    discount.finish = Instant{discount.start->micros - random.between(1, 100 * micros_per_day)};
    discount.inverted = true;
  });
  plant("discount_overused", [&](Discount& discount, std::size_t) {
    discount.count = static_cast<int>(random.between(0, 9));
    discount.used = *discount.count + static_cast<int>(random.between(1, 5));
    discount.overused = true;
  });
}

}  // namespace

void generate_offers(Dataset& dataset) {
  make_offers(dataset);
  make_discounts(dataset);
  plant_fine_prices(dataset);
  Pool pool(dataset.random("offer defects"), indexes_where(dataset.offers, [](const Offer& offer) {
              return offer.amounts == AmountKind::good;
            }));
  plant_offer_doctors(dataset, pool);
  plant_discount_dirt(dataset);
}

void write_offers(const Dataset& dataset, Sink& sink) {
  write_table(sink, "dispatch_offer",
              "id, price_both, price_upper, price_lower, doctor_id, product_id", dataset.offers,
              [&dataset](TableWriter& writer, const Offer& offer) {
                const auto doctor_id = offer.deleted_doctor_id ? offer.deleted_doctor_id
                                                               : id_of(dataset.users, offer.doctor);
                writer.row(offer.id, offer.both, offer.upper, offer.lower, doctor_id,
                           dataset.products[offer.product].named.id);
              });
  write_table(
      sink, "dispatch_discount", "id, percent, reason, count, start, finish, total, used, offer_id",
      dataset.discounts, [&dataset](TableWriter& writer, const Discount& discount) {
        const auto offer_id = discount.missing_offer_id ? discount.missing_offer_id
                                                        : id_of(dataset.offers, discount.offer);
        writer.row(discount.id, discount.percent, discount.reason, discount.count, discount.start,
                   discount.finish, discount.total, discount.used, offer_id);
      });
}

}  // namespace mighost::dataset
