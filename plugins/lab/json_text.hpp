// JSON that the legacy database keeps in text columns (D-43, D-45).
#pragma once

#include "lab/codes.hpp"
#include "lab/text.hpp"

namespace lab {

/// A JSON text for a jsonb column. What jsonb would refuse is mended (D-45) or wrapped (D-43), and
/// noted; nothing is lost.
template <class Output>
mig::json json_from(maybe_text text, std::string_view column, Output& out) {
  if (!text || text->empty()) return {"{}"};
  switch (mig::json_check(*text)) {
    case mig::json_status::valid:
      return {*text};
    case mig::json_status::has_nul:
      out.template note<"nul_replaced">(column);
      return {out.keep(mig::replace_nul_escapes(*text))};
    case mig::json_status::invalid:
      break;
  }
  out.template note<"json_invalid">(column);
  mig::json_object wrapped;
  wrapped.add("_raw", *text);
  return out.keep(wrapped);
}

}  // namespace lab
