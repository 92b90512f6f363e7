#include <array>

#include "business_parts.hpp"
#include "clinical_parts.hpp"
#include "core_parts.hpp"
#include "dataset.hpp"
#include "financial_parts.hpp"

namespace mighost::dataset {

std::span<const Part> parts() {
  static constexpr std::array<Part, 23> all = {{
      {"catalogue", generate_catalogue, write_catalogue, nullptr},
      {"people", generate_people, write_people, nullptr},
      {"offices", generate_offices, write_offices, nullptr},
      {"patients", generate_patients, write_patients, nullptr},
      {"orders", generate_orders, write_orders, nullptr},
      // Dirt whose consequences cross tables is planted when all rows are there.
      {"core dirt", plant_core_dirt, nullptr, predict_core},
      {"cases", plant_case_dirt, nullptr, predict_cases},
      {"projects", generate_projects, write_projects, nullptr},
      {"brackets", generate_brackets, write_brackets, nullptr},
      {"states", generate_states, write_states, nullptr},
      {"clinical dirt", plant_clinical_dirt, nullptr, predict_clinical},
      {"offers", generate_offers, write_offers, nullptr},
      {"payments", generate_payments, write_payments, nullptr},
      {"purchases", generate_purchases, write_purchases, nullptr},
      {"financial dirt", plant_payment_dirt, nullptr, predict_financial},
      {"unmapped", [](Dataset&) {}, write_unmapped, nullptr},
      {"templates", generate_templates, write_templates, predict_templates},
      {"records", generate_records, write_records, predict_records},
      {"files", generate_files, write_files, predict_files},
      {"tasks", generate_tasks, write_tasks, predict_tasks},
      {"comments", generate_comments, write_comments, predict_comments},
      {"actions", generate_actions, write_actions, predict_actions},
      {"notifications", check_notifications, write_notifications, predict_notifications},
  }};
  return all;
}

std::vector<std::size_t> choose(Random& random, std::vector<std::size_t> candidates,
                                std::size_t count, std::string_view knob) {
  if (count > candidates.size()) {
    throw Error("only " + std::to_string(candidates.size()) + " rows can take " +
                    std::to_string(count) + " defects",
                "knob " + std::string(knob), "lower this knob or use a larger preset");
  }
  random.shuffle(candidates);
  candidates.resize(count);
  return candidates;
}

}  // namespace mighost::dataset
