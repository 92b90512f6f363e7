// The rows of the clinical tables in memory, each with what was planted in it. See model.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "values.hpp"

namespace mighost::dataset {

struct Project {
  int id = 0;
  std::string uid;
  Instant created_at;
  std::string name;
  std::optional<std::int64_t> size;
  bool is_public = false;
  std::optional<int> type;
  std::optional<int> status;
  std::optional<std::size_t> creator;  // a user

  bool name_missing = false;
  bool type_unknown = false;
  bool status_unknown = false;
  bool size_bad = false;
};

struct Plan {
  int id = 0;
  std::size_t instruction = 0;
  std::optional<int> missing_instruction_id;  // set when the instruction does not exist
  std::size_t project = 0;
  std::optional<int> missing_project_id;  // set when the project does not exist
  std::optional<std::string> notes;
  std::optional<int> number;
  std::optional<std::string> name;
  std::optional<bool> original;

  bool name_missing = false;
};

// What the name of a bracket hints at; empty: nothing.
struct BracketHints {
  std::string_view bracket_type, tooth_position, arch_type, manufacturer;
};

struct Bracket {
  int id = 0;
  std::optional<std::string> name;
  std::optional<std::size_t> project;
  std::optional<int> type;

  bool name_missing = false;
  bool is_test = false;
  BracketHints hints;
};

struct State {
  int id = 0;
  int status = 0;
  bool on = true;
  Instant changed_at;
  std::optional<std::size_t> actor;  // a user
  std::size_t instruction = 0;
  std::optional<int> missing_instruction_id;  // set when the instruction does not exist

  bool status_unknown = false;
};

struct Event {
  int id = 0;
  std::optional<std::string> name;
  std::optional<Instant> created_at;
  std::optional<std::size_t> user;

  bool name_missing = false;
};

}  // namespace mighost::dataset
