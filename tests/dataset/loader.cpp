#include "loader.hpp"

#include <array>
#include <cstdio>

#include "sql_texts.hpp"

namespace mighost::dataset {

void Loader::begin(std::string_view table, std::string_view columns) {
  table_ = table;
  mix(table);
  mix(columns);
  if (source_ != nullptr) {
    source_->copy_begin(table, columns);
  }
}

void Loader::data(std::string_view bytes) {
  mix(bytes);
  if (source_ != nullptr) {
    source_->copy_data(bytes);
  }
}

void Loader::end(std::size_t rows) {
  if (source_ != nullptr) {
    source_->copy_end();
  }
  row_counts_[table_] = rows;
}

// FNV-1a: not a proof against forgery, but two datasets that agree in it are the same dataset.
void Loader::mix(std::string_view bytes) {
  for (const char byte : bytes) {
    hash_ ^= static_cast<unsigned char>(byte);
    hash_ *= 0x100000001b3ULL;
  }
}

std::string Loader::fingerprint() const {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash_));
  return text.data();
}

namespace {

void recreate_public(Database& database) {
  database.execute(
      "drop schema if exists public cascade; create schema public;"
      " grant usage on schema public to public; set local search_path = public",
      "recreating schema public");
}

}  // namespace

void open_source(Database& source) {
  source.execute("begin", "transaction");
  recreate_public(source);
  source.execute(sql::legacy_schema, "legacy_schema.sql");
}

void close_source(Database& source, Generation generation) {
  source.execute(sql::legacy_keys, "legacy_keys.sql");
  if (generation == Generation::older) {
    source.execute(sql::legacy_schema_older, "legacy_schema_older.sql");
  }
  source.execute("commit", "transaction");
  source.execute("analyze", "statistics");
}

void create_target(Database& target) {
  target.execute("begin", "transaction");
  target.execute("drop schema if exists mighost cascade", "dropping schema mighost");
  recreate_public(target);
  target.execute(sql::target_schema, "target_schema.sql");
  target.execute(sql::target_families, "target_families.sql");
  target.execute(sql::target_triggers, "target_triggers.sql");
  target.execute("commit", "transaction");
  target.execute("analyze", "statistics");
}

}  // namespace mighost::dataset
