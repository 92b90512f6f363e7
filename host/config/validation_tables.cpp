#include "config/validation_tables.hpp"

#include "config/quantity.hpp"

namespace mighost {
namespace {

constexpr std::chrono::hours timeout_max{24 * 24};  // the server counts milliseconds in 31 bits
constexpr std::int64_t keys_shown_max = 1000, sample_max = 1'000'000;

void read_count(TableReader& table, const std::string& key, std::int64_t high,
                std::uint32_t& result) {
  const auto number = table.integer(key);
  if (!number) return;
  if (*number < 0 || *number > high) {
    table.fault(key, "`" + key + "` is out of range", "write 0 to " + std::to_string(high));
  } else {
    result = static_cast<std::uint32_t>(*number);
  }
}

/// "1%", "0.5 %": the share as a number from 0 to 1.
std::optional<double> parse_share(const std::string& text) {
  if (text.empty() || text.back() != '%') return std::nullopt;
  try {
    std::size_t used = 0;
    const double percent = std::stod(text, &used);
    const bool blanks = text.find_first_not_of(' ', used) == text.size() - 1;
    if (!blanks || !(percent >= 0) || percent > 100) return std::nullopt;
    return percent / 100;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

void read_timeout(TableReader& table, const std::string& key, std::chrono::milliseconds& result) {
  const toml::node* value = table.find(key);
  if (value == nullptr) return;
  std::optional<std::chrono::milliseconds> timeout;
  if (const auto text = value->value_exact<std::string>()) timeout = parse_duration(*text);
  if (value->value_exact<std::int64_t>() == 0) timeout = std::chrono::milliseconds{0};
  if (!timeout) {
    table.fault(key, "`" + key + "` is not a duration with its unit",
                "write \"250ms\", \"30s\", \"5min\", \"2h\", or 0 for none");
  } else if (*timeout > timeout_max) {
    table.fault(key, "`" + key + "` is out of range", "write at most \"576h\", or 0 for none");
  } else {
    result = *timeout;
  }
}

Severities read_severities(TableReader& table, Places& places) {
  Severities result;
  const toml::table* checks = table.table("checks");
  if (checks == nullptr) return result;
  TableReader reader(*checks, table.name() + ".checks", table.faults());
  for (const auto& [key, value] : *checks) {
    const std::string name(key.str());
    constexpr Severity words[] = {Severity::off, Severity::warn, Severity::reject, Severity::abort};
    if (const auto word = reader.choice(name, {"off", "warn", "reject", "abort"})) {
      result[name] = words[*word];
      places[name] = reader.where(name);
    }
  }
  return result;
}

RejectBudget read_budget(TableReader& table) {
  RejectBudget budget;
  if (const toml::node* value = table.find("max_rejects")) {
    const auto rows = value->value_exact<std::int64_t>();
    const auto text = value->value_exact<std::string>();
    if (rows && *rows >= 0) budget.rows = static_cast<std::uint64_t>(*rows);
    if (text) budget.share = parse_share(*text);
    if (!budget.rows && !budget.share) {
      table.fault("max_rejects", "`max_rejects` is neither a number of rows nor a share",
                  "write 1000, or \"0.5%\" of the rows read");
    }
  }
  if (const auto word = table.choice("on_reject", {"quarantine", "abort"})) {
    budget.abort_on_reject = *word == 1;
  }
  return budget;
}

ValidationConfig read_validation(TableReader& table) {
  ValidationConfig config;
  read_timeout(table, "time_limit", config.time_limit);
  read_count(table, "keys_shown", keys_shown_max, config.keys_shown);
  table.refuse_unknown();
  return config;
}

VerifyConfig read_verify(TableReader& table) {
  VerifyConfig config;
  config.fingerprints = table.boolean("fingerprints").value_or(config.fingerprints);
  config.at_end = table.boolean("at_end").value_or(config.at_end);
  read_count(table, "sample", sample_max, config.sample);
  table.refuse_unknown();
  return config;
}

}  // namespace mighost
