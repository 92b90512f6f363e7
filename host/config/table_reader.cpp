#include "config/table_reader.hpp"

#include <algorithm>

#include "report/nearest.hpp"
#include "report/text.hpp"

namespace mighost {

std::string kind_of_value(const toml::node& value) {
  switch (value.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a floating-point number";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

toml::source_position begin_of(const toml::source_region& region) {
  return {std::max(region.begin.line, 1U), std::max(region.begin.column, 1U)};
}

const toml::node* TableReader::find(const std::string& key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  return table_.get(key);
}

std::optional<std::string> TableReader::text(const std::string& key) {
  const toml::node* value = find(key);
  if (value == nullptr) return std::nullopt;
  auto found = value->value_exact<std::string>();
  if (!found) {
    wrong_type(key, *value, "a text in quotation marks");
    return std::nullopt;
  }
  // It would end the text for every C library behind us.
  if (found->find('\0') != std::string::npos) {
    fault(key, "the value of `" + key + "` holds a NUL character", "remove it");
    return std::nullopt;
  }
  return found;
}

std::optional<std::int64_t> TableReader::integer(const std::string& key) {
  const toml::node* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto found = value->value_exact<std::int64_t>();
  if (!found) wrong_type(key, *value, "an integer");
  return found;
}

std::optional<bool> TableReader::boolean(const std::string& key) {
  const toml::node* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto found = value->value_exact<bool>();
  if (!found) wrong_type(key, *value, "true or false");
  return found;
}

std::optional<std::size_t> TableReader::choice(const std::string& key,
                                               const std::vector<std::string>& choices) {
  const auto given = text(key);
  if (!given) return std::nullopt;
  const auto found = std::find(choices.begin(), choices.end(), *given);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  fault(
      key, "`" + key + "` cannot be \"" + *given + "\"",
      nearest(*given, choices) ? nearest_hint(*given, choices) : "write " + joined(choices, "or"));
  return std::nullopt;
}

const toml::table* TableReader::table(const std::string& key) {
  const toml::node* value = find(key);
  if (value == nullptr) return nullptr;
  if (!value->is_table()) wrong_type(key, *value, "a table");
  return value->as_table();
}

void TableReader::refuse_unknown() {
  for (const auto& [key, value] : table_) {
    const std::string name(key.str());
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const auto at = begin_of(key.source());
    const std::string kind = value.is_table() ? "unknown table `" : "unknown key `";
    faults_.add(at.line, at.column, kind + name + "` in " + name_, nearest_hint(name, known_));
  }
}

void TableReader::fault(const std::string& key, const std::string& what, const std::string& next) {
  const auto at = position(key);
  faults_.add(at.line, at.column, what, next);
}

std::string TableReader::where(const std::string& key) const {
  const auto at = position(key);
  return faults_.place(at.line, at.column);
}

toml::source_position TableReader::position(const std::string& key) const {
  const toml::node* value = table_.get(key);
  return begin_of(value != nullptr ? value->source() : table_.source());
}

void TableReader::wrong_type(const std::string& key, const toml::node& value,
                             const std::string& expected) {
  fault(key, "`" + key + "` is " + kind_of_value(value), "write " + expected);
}

}  // namespace mighost
