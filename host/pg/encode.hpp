#pragma once
// Cells into rows of binary COPY IN, with the checks that the server would make by changing the
// value in silence (numeric scale) or by refusing the whole stream (integer width).
#include <mighost/abi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pg/catalog.hpp"
#include "plugin/manifest.hpp"

namespace mighost {

/// Why a row cannot go. A contract fault is the plugin's and ends the run; the others quarantine
/// the row.
struct EncodeFault {
  enum class Kind { none, contract, row };
  Kind kind = Kind::none;
  std::size_t column = 0;  // index among the target columns
  std::string code;        // host code: out_of_range, numeric_rounding, numeric_range, not_null
  std::string message;     // without values
  explicit operator bool() const { return kind != Kind::none; }
};

class RowEncoder {
 public:
  struct Target {
    Column declared;
    const CatalogColumn* live = nullptr;
  };

  /// Throws Error{Exit::internal} for a pair that the plan should have refused.
  explicit RowEncoder(const std::vector<Target>& columns);

  std::size_t columns() const { return writers_.size(); }

  /// Appends one row (field count first) to `out`. On a fault `out` is as before.
  EncodeFault encode(const mig_cell* cells, std::string& out) const;

 private:
  enum class Writer : std::uint8_t {
    int2,
    int4,
    int8,
    float4,
    float8,
    boolean,
    date,
    bytes,  // from here on as long as the cell says
    jsonb,
    numeric
  };
  struct Field {
    Writer writer;
    mig_type type;
    bool declared_nullable;
    bool live_not_null;
    std::int32_t scale = -1;  // of a numeric(p,s), -1: any
    std::string name;
  };
  static Writer writer_for(const Target& column);
  std::size_t bytes_max(const mig_cell* cells) const;
  /// Writes the field and returns its end; null when there is a fault.
  char* put(const Field& field, const mig_cell& cell, char* at, EncodeFault& fault) const;
  std::vector<Field> writers_;
};

}  // namespace mighost
