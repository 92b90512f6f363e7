#include "pg/query_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace mighost {
namespace {

using Text = std::string_view;

bool begins_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '"' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool continues_name(char c) {
  return (begins_name(c) && c != '"') || std::isdigit(static_cast<unsigned char>(c)) != 0 ||
         c == '$';
}

/// Behind the next `end` at or after `from`; the text's end when it does not come.
std::size_t behind(Text text, Text end, std::size_t from) {
  const std::size_t found = text.find(end, from);
  return found == Text::npos ? text.size() : found + end.size();
}

/// Behind one part of a name that begins at `at`. A quote inside quotes is doubled.
std::size_t behind_part(Text text, std::size_t at) {
  if (text[at] != '"') {
    while (at < text.size() && continues_name(text[at])) ++at;
    return at;
  }
  do at = behind(text, "\"", at + 1);
  while (at < text.size() && text[at] == '"');
  return at;
}

std::size_t behind_spaces_and_comments(Text text, std::size_t at) {
  while (at < text.size()) {
    if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
      ++at;
    } else if (text.substr(at, 2) == "--") {
      at = behind(text, "\n", at);
    } else if (text.substr(at, 2) == "/*") {
      at = behind(text, "*/", at + 2);
    } else {
      break;
    }
  }
  return at;
}

/// Goes through a query name by name; whatever is no name and no text constant is a symbol.
class Reader {
 public:
  explicit Reader(Text text) : text_(text) {}

  /// The next name or symbol; an empty one at the end.
  Text next() {
    at_ = behind_spaces_and_comments(text_, at_);
    if (at_ == text_.size()) return {};
    const std::size_t begin = at_;
    if (begins_name(text_[at_])) {
      at_ += name_at(text_, at_).size();
    } else if (text_[at_] == '\'') {
      at_ = behind(text_, "'", at_ + 1);
    } else if (continues_name(text_[at_])) {
      while (at_ < text_.size() && continues_name(text_[at_])) ++at_;
    } else {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  Text peek() {
    const std::size_t before = at_;
    const Text seen = next();
    at_ = before;
    return seen;
  }

 private:
  Text text_;
  std::size_t at_ = 0;
};

bool is_name(Text token) { return !token.empty() && begins_name(token.front()); }

bool is_word(Text token, Text word) {
  return std::equal(token.begin(), token.end(), word.begin(), word.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  });
}

/// May follow a relation that has no alias.
bool ends_relation(Text token) {
  constexpr std::array words = {
      Text("where"), Text("join"),       Text("left"),   Text("right"),     Text("full"),
      Text("inner"), Text("cross"),      Text("on"),     Text("using"),     Text("group"),
      Text("order"), Text("limit"),      Text("offset"), Text("union"),     Text("except"),
      Text("fetch"), Text("natural"),    Text("having"), Text("intersect"), Text("window"),
      Text("for"),   Text("tablesample")};
  return std::any_of(words.begin(), words.end(), [&](Text word) { return is_word(token, word); });
}

std::string joined_parts(const std::vector<std::string>& parts) {
  std::string name;
  for (const auto& part : parts) name += (name.empty() ? "" : ".") + part;
  return name;
}

/// What follows FROM, JOIN or a comma, unless it is a subquery or a call.
std::optional<NamedRelation> read_relation(Reader& reader) {
  while (is_word(reader.peek(), "only") || is_word(reader.peek(), "lateral")) reader.next();
  if (!is_name(reader.peek())) return std::nullopt;
  const auto parts = name_parts(reader.next());
  if (reader.peek() == "(") return std::nullopt;
  NamedRelation relation{joined_parts(parts), parts.back()};
  if (is_word(reader.peek(), "as")) reader.next();
  if (is_name(reader.peek()) && !ends_relation(reader.peek())) {
    relation.alias = name_parts(reader.next()).back();
  }
  return relation;
}

}  // namespace

std::vector<NamedRelation> relations_in(std::string_view query) {
  std::vector<NamedRelation> relations;
  const auto add = [&](const NamedRelation& found) {
    const bool known =
        std::any_of(relations.begin(), relations.end(), [&](const NamedRelation& relation) {
          return relation.name == found.name && relation.alias == found.alias;
        });
    if (!known) relations.push_back(found);
  };
  Reader reader(query);
  for (Text token = reader.next(); !token.empty(); token = reader.next()) {
    if (!is_word(token, "from") && !is_word(token, "join")) continue;
    while (const auto relation = read_relation(reader)) {
      add(*relation);
      if (reader.peek() != ",") break;
      reader.next();
    }
  }
  return relations;
}

std::string_view name_at(std::string_view query, std::size_t offset) {
  std::size_t end = offset;
  while (end < query.size() && begins_name(query[end])) {
    end = behind_part(query, end);
    const bool more = end + 1 < query.size() && query[end] == '.' && begins_name(query[end + 1]);
    if (!more) break;
    ++end;
  }
  return offset < end ? query.substr(offset, end - offset) : Text();
}

std::vector<std::string> name_parts(std::string_view written) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < written.size();) {
    const std::size_t end = std::max(behind_part(written, at), at + 1);
    std::string& part = parts.emplace_back();
    const bool quoted = written[at] == '"';
    for (std::size_t i = quoted ? at + 1 : at; i < (quoted ? end - 1 : end); ++i) {
      const char c = written[i];
      part += quoted ? c : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      if (quoted && c == '"') ++i;
    }
    at = end + 1;
  }
  return parts;
}

std::size_t offset_of_position(std::string_view text, std::size_t position) {
  std::size_t at = 0;
  const auto continues = [&] {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  for (std::size_t character = 1; character < position && at < text.size(); ++character) {
    ++at;
    while (continues()) ++at;
  }
  return at;
}

}  // namespace mighost
