#pragma once
// Rows of binary COPY OUT into cells. Text, numeric, uuid and bytes borrow the row's bytes.
#include <mighost/abi.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "plugin/manifest.hpp"

namespace mighost {

/// One column as it arrives: the type on the wire and the type the plugin asked for.
struct WireColumn {
  std::uint32_t type_oid = 0;
  char type_type = 'b';
  mig_type type = MIG_TYPE_INVALID;
};

class RowDecoder {
 public:
  /// Throws Error{Exit::internal} for a pair that the plan should have refused.
  explicit RowDecoder(const std::vector<WireColumn>& columns);

  std::size_t columns() const { return readers_.size(); }

  /// Fills columns() cells from one row (field count first). `row` must outlive the cells.
  /// Throws Error{Exit::internal} when the bytes are not such a row.
  void decode(std::string_view row, mig_cell* cells) const;

 private:
  enum class Reader : std::uint8_t {
    int2,
    int4,
    int8,
    float4,
    float8,
    boolean,
    date,
    bytes,
    jsonb
  };
  struct Field {
    Reader reader;
    mig_type type;
  };
  static Reader reader_for(const WireColumn& column);
  std::vector<Field> readers_;
};

}  // namespace mighost
