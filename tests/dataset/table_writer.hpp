// Rows of one table as COPY text. TableWriter escapes and buffers; where the bytes go is the
// business of a Sink (a database, or nowhere when only the oracle is asked for).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "values.hpp"

namespace mighost::dataset {

class Sink {
 public:
  virtual ~Sink() = default;
  virtual void begin(std::string_view table, std::string_view columns) = 0;
  virtual void data(std::string_view bytes) = 0;
  virtual void end(std::size_t rows) = 0;
};

class TableWriter {
 public:
  // `columns` is the column list as SQL wants it, reserved words quoted.
  TableWriter(Sink& sink, std::string_view table, std::string_view columns);
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;

  template <class... Values>
  void row(const Values&... values) {
    expect_columns(sizeof...(values));
    (put(values), ...);
    end_row();
  }

  // Sends what is left. Not in the destructor, because sending can fail.
  void finish();

 private:
  void put(std::int64_t value) { field(std::to_string(value)); }
  void put(int value) { field(std::to_string(value)); }
  void put(bool value) { field(value ? "t" : "f"); }
  void put(const char* value) { text(value); }
  void put(const std::string& value) { text(value); }
  void put(std::string_view value) { text(value); }
  void put(Date value) { field(to_text(value)); }
  void put(Instant value) { field(to_text(value)); }
  void put(const Decimal& value) { field(to_text(value)); }
  void put(std::nullopt_t) { field("\\N"); }

  template <class Value>
  void put(const std::optional<Value>& value) {
    if (value) {
      put(*value);
    } else {
      put(std::nullopt);
    }
  }

  void expect_columns(std::size_t given) const;
  void field(std::string_view ready);
  void text(std::string_view raw);
  void end_row();

  Sink& sink_;
  std::string table_;
  std::size_t column_count_;
  std::size_t rows_ = 0;
  std::string buffer_;
};

// Writes one table from a container: fill(writer, row) adds the row.
template <class Rows, class Fill>
void write_table(Sink& sink, std::string_view table, std::string_view columns, const Rows& rows,
                 Fill fill) {
  TableWriter writer(sink, table, columns);
  for (const auto& row : rows) {
    fill(writer, row);
  }
  writer.finish();
}

}  // namespace mighost::dataset
