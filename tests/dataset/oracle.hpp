// What must become of the dataset, counted while it is predicted from what was planted. Nothing
// here has seen a database: that is what makes it a second opinion.
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "fates.hpp"
#include "values.hpp"

namespace mighost::dataset {

// A remark that a row carries when `applies` holds.
struct Note {
  bool applies;
  std::string_view code;
};

class Tally {
 public:
  void written(std::initializer_list<Note> notes = {});
  void merged() { count(merged_); }
  void filtered(std::string_view code);
  void quarantined(std::string_view code);
  void parked();

  nlohmann::ordered_json json() const;

 private:
  using Counts = std::map<std::string, std::size_t, std::less<>>;

  void count(std::size_t& outcome);
  void count(Counts& counts, std::string_view code);

  std::size_t read_ = 0;
  std::size_t written_ = 0;
  std::size_t merged_ = 0;
  std::size_t filtered_ = 0;
  std::size_t quarantined_ = 0;
  std::size_t parked_ = 0;
  Counts codes_;
  Counts notes_;
};

class Oracle {
 public:
  // Entities keep the order in which they are first asked for.
  Tally& entity(std::string_view name);

  void control_total(std::string_view name, const DecimalSum& source, const DecimalSum& target,
                     const DecimalSum& held_back);

  // Counts of values, for tests that want to look further than at outcomes.
  void fact(std::string_view name, std::string_view value, std::size_t rows = 1);

  nlohmann::ordered_json json() const;

  Fates fates;

 private:
  std::deque<std::pair<std::string, Tally>> entities_;  // a deque keeps references alive
  nlohmann::ordered_json control_totals_ = nlohmann::ordered_json::object();
  std::map<std::string, std::map<std::string, std::size_t>> facts_;
};

}  // namespace mighost::dataset
