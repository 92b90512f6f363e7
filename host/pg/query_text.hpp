#pragma once
// The little that messages need to know of the text of a query: the name at a place the server
// points to, and the tables of its FROM clauses. No parser: what it cannot read it leaves out.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mighost {

/// A relation after FROM, JOIN or a comma between them, in the server's spelling: folded to lower
/// case, or what stood between the quotes. `alias` is its own last part when it has none.
struct NamedRelation {
  std::string name;
  std::string alias;
};

/// Those of all levels of the query, each once, in order of appearance. May hold names that are no
/// relation (`extract(year FROM made_at)`, a WITH query): ask the catalogs.
std::vector<NamedRelation> relations_in(std::string_view query);

/// The dotted name that begins at `offset` bytes, as it is written; empty when none begins there.
std::string_view name_at(std::string_view query, std::size_t offset);

/// The parts of a dotted name in the server's spelling.
std::vector<std::string> name_parts(std::string_view written);

/// Where the server's `position` (in characters of UTF-8, from 1) lies, in bytes from 0.
std::size_t offset_of_position(std::string_view text, std::size_t position);

}  // namespace mighost
