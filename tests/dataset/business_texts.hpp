// Texts whose words decide what a migration makes of them, together with what that is: the oracle
// never searches a text for a word.
#pragma once

#include <string>
#include <string_view>

#include "business_model.hpp"
#include "random.hpp"

namespace mighost::dataset {

// '' or nothing but blanks, also no-break and ideographic ones.
std::string blank_text(Random& random);

// The words null and none: contents where only blank texts count as empty.
std::string word_like_null(Random& random);

// A comment of that kind [business page, case_messages].
std::string comment_text(Random& random, CommentKind kind);

struct FileName {
  std::optional<std::string> name, ext;
  FileType type = FileType::none;
  bool name_final = false;  // the lower filename contains _full.jpg, package or final
};

// How most files are named.
FileName good_file_name(Random& random, FileType type);

// No name, no extension, both twice, upper case, without a dot ... `rotation` walks through them.
FileName odd_file_name(Random& random, std::size_t rotation);

std::string_view mime_type(FileType type);

}  // namespace mighost::dataset
