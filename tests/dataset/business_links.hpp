// What the parts of the business family share: references that may dangle, content types by name,
// and rows to plant dirt in.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "dataset.hpp"

namespace mighost::dataset {

template <class Rows>
std::optional<int> id_of(const Rows& rows, const Link& link) {
  return link.row ? std::optional<int>(rows[*link.row].id) : link.missing_id;
}

// What a reference finds; empty when it is NULL.
std::optional<Fate> fate_of(const std::vector<Fate>& fates, const Link& link);

// A reference with policy reject, counted when the row ends here.
bool resolved(Tally& tally, const std::vector<Fate>& fates, const Link& link);

// A reference with policy null that comes out empty although there is a key.
bool lost(const std::vector<Fate>& fates, const Link& link);

// The index of a content type by name, never by number.
std::size_t content_type(const Dataset& dataset, std::string_view app_label,
                         std::string_view model);

std::optional<int> content_type_id(const Dataset& dataset, const Generic& generic);
std::optional<int> generic_id(const Dataset& dataset, const Generic& generic);
// As user_actions resolves it [business page]; empty for NULL and for models without a rule.
std::optional<Fate> generic_fate(const Fates& fates, const Generic& generic);

// Ids between the others that no row has. At least one.
std::vector<int> gaps_between(std::vector<int> ids);

template <class Rows>
std::vector<int> missing_ids(const Rows& rows) {
  std::vector<int> ids;
  for (const auto& row : rows) {
    ids.push_back(row.id);
  }
  return gaps_between(std::move(ids));
}

// An order that nothing happens to, and whose case is written: a defect planted in a row below it
// is the only one that decides.
bool is_sound(const Dataset& dataset, const Instruction& order);

// Rows without a defect yet; each is given out once.
class DirtPool {
 public:
  DirtPool(Random& random, std::vector<std::size_t> candidates);

  std::vector<std::size_t> take(std::size_t count, std::string_view knob);

 private:
  std::vector<std::size_t> left_;
};

// When an order was submitted, or a day before today.
Instant time_of(const Instruction& order);

// Some time from `begin` on, at most `days` later and never after today.
Instant later(Random& random, Instant begin, std::int64_t days);

// Users of the lab who write and do things.
std::vector<std::size_t> staff(const Dataset& dataset);

}  // namespace mighost::dataset
