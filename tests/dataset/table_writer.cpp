#include "table_writer.hpp"

#include "error.hpp"

namespace mighost::dataset {

namespace {

constexpr std::size_t flush_bytes = 256 * 1024;

}  // namespace

TableWriter::TableWriter(Sink& sink, std::string_view table, std::string_view columns)
    : sink_(sink),
      table_(table),
      column_count_(1 + static_cast<std::size_t>(std::count(columns.begin(), columns.end(), ','))) {
  buffer_.reserve(flush_bytes + 64 * 1024);
  sink_.begin(table, columns);
}

void TableWriter::expect_columns(std::size_t given) const {
  if (given != column_count_) {
    throw Error("a row of " + std::to_string(given) + " values for " +
                    std::to_string(column_count_) + " columns",
                "table " + table_, "make the column list and the row call agree");
  }
}

void TableWriter::field(std::string_view ready) {
  buffer_ += ready;
  buffer_ += '\t';
}

void TableWriter::text(std::string_view raw) {
  for (const char character : raw) {
    switch (character) {
      case '\\':
        buffer_ += "\\\\";
        break;
      case '\t':
        buffer_ += "\\t";
        break;
      case '\n':
        buffer_ += "\\n";
        break;
      case '\r':
        buffer_ += "\\r";
        break;
      default:
        buffer_ += character;
    }
  }
  buffer_ += '\t';
}

void TableWriter::end_row() {
  buffer_.back() = '\n';
  ++rows_;
  if (buffer_.size() >= flush_bytes) {
    sink_.data(buffer_);
    buffer_.clear();
  }
}

void TableWriter::finish() {
  if (!buffer_.empty()) {
    sink_.data(buffer_);
    buffer_.clear();
  }
  sink_.end(rows_);
}

}  // namespace mighost::dataset
