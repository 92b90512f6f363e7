// Entities of the tiny plugin that refer to others by the target column parent_id.
#pragma once

#include "tiny.hpp"

namespace tiny {

inline constexpr mig_column parent_id = column("parent_id", MIG_UUID);
inline constexpr const mig_column* with_parent[] = {&legacy_id, &name, &parent_id};

constexpr mig_reference reference_to(std::string_view parent) {
  mig_reference made{};
  made.struct_size = sizeof made;
  made.policy = MIG_MISSING_REJECT;
  made.entity = str(parent);
  made.column = str("parent_id");
  return made;
}

constexpr mig_entity child(std::string_view entity_name, const mig_reference* const* references) {
  mig_entity made = entity(entity_name);
  made.target_columns = with_parent;
  made.n_target_columns = 3;
  made.references = references;
  made.n_references = 1;
  return made;
}

}  // namespace tiny
