// Takes the rows of all tables: into the legacy database when there is one, and in any case into
// row counts and a fingerprint, so that two runs can be compared without a database.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "database.hpp"
#include "generation.hpp"
#include "table_writer.hpp"

namespace mighost::dataset {

class Loader : public Sink {
 public:
  // `source` may be null: then the rows are only counted.
  explicit Loader(Database* source) : source_(source) {}

  void begin(std::string_view table, std::string_view columns) override;
  void data(std::string_view bytes) override;
  void end(std::size_t rows) override;

  std::string fingerprint() const;
  const nlohmann::ordered_json& row_counts() const { return row_counts_; }

 private:
  void mix(std::string_view bytes);

  Database* source_;
  std::string table_;
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
  nlohmann::ordered_json row_counts_ = nlohmann::ordered_json::object();
};

// Each runs in one transaction: a failed load leaves what was there before.
void open_source(Database& source);
void close_source(Database& source, Generation generation);
void create_target(Database& target);

}  // namespace mighost::dataset
