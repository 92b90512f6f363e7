#pragma once
// One table of the configuration file while it is read. Asking for a key makes it known; what
// nobody asked for is a fault in the end. Wrong types become faults as well, and the caller goes on
// without the value.
#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/faults.hpp"

namespace mighost {

class TableReader {
 public:
  /// `name` as the file writes it: "[load]"; the top of the file is "the file".
  TableReader(const toml::table& table, std::string name, ConfigFaults& faults)
      : table_(table), name_(std::move(name)), faults_(faults) {}

  /// The value of any type, or null.
  const toml::node* find(const std::string& key);
  std::optional<std::string> text(const std::string& key);
  std::optional<std::int64_t> integer(const std::string& key);
  std::optional<bool> boolean(const std::string& key);
  /// The index of the text in `choices`; another text is a fault.
  std::optional<std::size_t> choice(const std::string& key,
                                    const std::vector<std::string>& choices);
  /// A sub-table, or null.
  const toml::table* table(const std::string& key);

  /// To be called when everything was asked for.
  void refuse_unknown();

  /// A fault at the value of `key`, or at the table when the key is not there.
  void fault(const std::string& key, const std::string& what, const std::string& next);
  /// "run.toml:3:7" of the value of `key`, or of the table itself.
  std::string where(const std::string& key) const;

  const toml::table& raw() const { return table_; }
  const std::string& name() const { return name_; }
  ConfigFaults& faults() { return faults_; }

 private:
  toml::source_position position(const std::string& key) const;
  void wrong_type(const std::string& key, const toml::node& value, const std::string& expected);

  const toml::table& table_;
  const std::string name_;
  ConfigFaults& faults_;
  std::vector<std::string> known_;
};

/// "a text", "an integer", ...: what a value is, for messages.
std::string kind_of_value(const toml::node& value);
/// A position that exists: what the parser does not know is the first character of the file.
toml::source_position begin_of(const toml::source_region& region);

}  // namespace mighost
