// The one exception of the generator: what happened, where, and what to do next.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace mighost::dataset {

struct Error : std::runtime_error {
  Error(const std::string& what_happened, std::string where_it_happened, std::string next_step)
      : std::runtime_error(what_happened),
        where(std::move(where_it_happened)),
        next(std::move(next_step)) {}

  std::string where;
  std::string next;
};

}  // namespace mighost::dataset
