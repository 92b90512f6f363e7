#pragma once
// What a handler asked while it transformed a row, for who explains that row. A run keeps none.
#include <string>
#include <vector>

namespace mighost {

struct ResolvedReference {
  std::string column, entity;
  std::string key;      // as it was asked for; empty: NULL
  std::string new_key;  // empty: none
  enum class Answer {
    resolved,
    absent,      // no such row has come
    held,        // it is held back
    no_key,      // asked with NULL
    late,        // set when every row is there
    not_loaded,  // its plugin is not there
  } answer = Answer::resolved;
  bool null_by_policy = false;  // the row goes without it
};

using ResolveTrace = std::vector<ResolvedReference>;

}  // namespace mighost
