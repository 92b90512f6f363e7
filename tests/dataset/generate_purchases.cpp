// Purchases: the line items of baskets. The knob purchases = 0 gives the other world, in which the
// table was empty (domain question Q1).

#include "dealing.hpp"
#include "financial_parts.hpp"

namespace mighost::dataset {

namespace {

Purchase make_purchase(Random& random, const Dataset& dataset, int id) {
  Purchase purchase;
  purchase.id = id;
  purchase.quantity = random.chance(930) ? 1 : static_cast<int>(random.between(-1, 6));
  const std::int64_t cents = random.between(0, 210'000);
  if (!random.chance(10)) {
    purchase.price = random.chance(100) ? Decimal{cents / 100, 0} : Decimal{cents, 2};
  }
  if (!dataset.baskets.empty() && !random.chance(30)) {
    purchase.basket = random.below(dataset.baskets.size());
  }
  if (!random.chance(20)) {
    purchase.product = random.below(dataset.products.size());
  }
  return purchase;
}

}  // namespace

void generate_purchases(Dataset& dataset) {
  Random random = dataset.random("purchases");
  IdAllocator ids(dataset.random("purchase ids"), 1, 140);
  const std::size_t count = dataset.knobs.count("purchases");
  for (std::size_t i = 0; i < count; ++i) {
    dataset.purchases.push_back(make_purchase(random, dataset, ids.next()));
  }
  if (count == 0) {
    return;
  }
  Pool pool(dataset.random("purchase defects"),
            indexes_where(dataset.purchases, [](const Purchase&) { return true; }));
  for (const std::size_t purchase :
       pool.take(dataset.knobs.planted("purchase_no_quantity", count), "purchase_no_quantity")) {
    dataset.purchases[purchase].quantity.reset();
  }
  for (const std::size_t purchase :
       pool.take(dataset.knobs.planted("purchase_fine", count), "purchase_fine")) {
    dataset.purchases[purchase].price = Decimal{random.between(1'000, 90'000) * 10 + 5, 3};
    dataset.purchases[purchase].amounts = AmountKind::too_fine;
  }
}

void write_purchases(const Dataset& dataset, Sink& sink) {
  write_table(sink, "dispatch_purchase", "id, quantity, price, order_id, product_id",
              dataset.purchases, [&dataset](TableWriter& writer, const Purchase& purchase) {
                writer.row(purchase.id, purchase.quantity, purchase.price,
                           id_of(dataset.baskets, purchase.basket),
                           named_id_of(dataset.products, purchase.product));
              });
}

}  // namespace mighost::dataset
