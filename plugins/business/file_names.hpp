// What the name and the extension of a legacy file say: its file name, its type, its category
// (domain 3.3, D-42).
#pragma once

#include <algorithm>
#include <array>
#include <iterator>

#include "rules.hpp"

namespace business {

/// ".stl": trimmed, with a dot in front. Nothing for an extension that says nothing.
template <class Output>
maybe_text extension(maybe_text ext, Output& out) {
  const maybe_text given = trimmed(ext);
  if (!given || given->find_first_not_of('.') == given->npos) return std::nullopt;
  return given->front() == '.' ? *given : out.concat({".", *given});
}

/// "stl" for ".stl", ".STL" and ".final.stl".
template <class Output>
maybe_text file_type(maybe_text extension, Output& out) {
  if (!extension) return std::nullopt;
  const std::string_view last = extension->substr(extension->rfind('.') + 1);
  if (last.empty()) return std::nullopt;
  std::string buffer;
  const std::string_view lower = mig::ascii_lower(last, buffer);
  return lower.data() == last.data() ? lower : out.keep(lower);
}

inline bool ends_ignoring_case(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         mig::equals_ignoring_case(text.substr(text.size() - end.size()), end);
}

/// The name, and the extension unless the name has it already, so that nothing is called
/// "scan.stl.stl". Without a name the uid stands for it.
template <class Output>
std::string_view file_name(maybe_text name, maybe_text extension, std::string_view uid,
                           Output& out) {
  const maybe_text given = trimmed(name);
  if (!extension) return given.value_or(uid);
  if (!given) return out.concat({uid, *extension});
  return ends_ignoring_case(*given, *extension) ? *given : out.concat({*given, *extension});
}

struct mime {
  std::string_view file_type;
  std::string_view mime_type;
};

inline constexpr mime mime_types[] = {
    {"stl", "model/stl"},
    {"ply", "model/ply"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"png", "image/png"},
    {"gif", "image/gif"},
    {"pdf", "application/pdf"},
    {"zip", "application/zip"},
    {"rar", "application/vnd.rar"},
    {"tar", "application/x-tar"},
    {"dcm", "application/dicom"},
    {"dxf", "image/vnd.dxf"},
    {"txt", "text/plain"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
};

/// Bytes of which nobody knows more than that (irk, and all that is not in the table).
inline constexpr std::string_view mime_unknown = "application/octet-stream";

constexpr std::string_view mime_type(maybe_text file_type) {
  if (!file_type) return mime_unknown;
  for (const mime& each : mime_types) {
    if (each.file_type == *file_type) return each.mime_type;
  }
  return mime_unknown;
}

constexpr bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// order_files.category. The file type decides; where it says nothing, the legacy type code does.
/// `name` is the whole file name, in which finished packages show (domain 3.3).
inline std::string_view file_category(maybe_text file_type, std::string_view name, maybe_id code,
                                      std::string& buffer) {
  constexpr keyword packages[] = {
      {"_full.jpg", "final_package"}, {"package", "final_package"}, {"final", "final_package"}};
  const std::string_view type = file_type.value_or("");
  if (is_one_of(type, {"stl", "ply"})) return "scan";
  if (is_one_of(type, {"jpg", "jpeg", "png", "gif"})) {
    return first_keyword(name, packages, buffer).value_or("image");
  }
  if (type == "pdf") return "document";
  if (is_one_of(type, {"zip", "rar", "tar"})) return "package";
  if (code == 6 || code == 7) return "scan";
  return code == 8 ? "image" : "other";
}

}  // namespace business
