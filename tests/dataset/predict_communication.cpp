// What docs/families/business.md makes of records, comments, notes and actions. Notifications
// stand in notifications.cpp.

#include <array>

#include "business_links.hpp"
#include "business_parts.hpp"

namespace mighost::dataset {

namespace {

std::string_view record_word(const Record& record) {
  if (!record.type) {
    return "general";
  }
  switch (*record.type) {
    case 3:
      return "user_communication";
    case 5:
      return "clinical_note";
    case 6:
      return "patient_communication";
    default:
      return "status_update";
  }
}

// Whom a record is about; empty when that is neither a patient nor a user.
std::optional<Fate> recipient(const Fates& fates, const Generic& target) {
  const bool person = target.model == Model::patient || target.model == Model::user ||
                      target.model == Model::userproxy;
  return person ? generic_fate(fates, target) : std::nullopt;
}

bool message_arrives(Tally& tally, const Fates& fates, const Record& record) {
  if (record.type_unknown) {
    tally.quarantined("unknown_enum");
    return false;
  }
  const auto parent = recipient(fates, record.target);
  if (!parent) {
    tally.quarantined("unknown_target_type");
    return false;
  }
  if (!resolved(tally, *parent)) {
    return false;
  }
  tally.written({{!record.type, "type_missing"},
                 {record.text_empty, "text_empty"},
                 {lost(fates.profiles, record.author), "missing_parent"}});
  return true;
}

std::string_view comment_word(const Comment& comment) {
  constexpr std::array<std::string_view, 4> words = {"doctor_response", "patient_question",
                                                     "treatment_update", "clinical_note"};
  return words[static_cast<std::size_t>(comment.kind)];
}

// The case of the patient of the instruction of the plan.
Fate case_of(const Dataset& dataset, const Fates& fates, const Link& plan_link) {
  if (!plan_link.row) {
    return Fate::missing;
  }
  const Plan& plan = dataset.plans[*plan_link.row];
  if (plan.missing_instruction_id) {
    return Fate::missing;
  }
  const Instruction& order = dataset.instructions[plan.instruction];
  return order.missing_patient_id ? Fate::missing : fates.cases[order.patient];
}

void predict_case_messages(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.case_messages");
  for (const Comment& comment : dataset.business.comments) {
    if (comment.text_empty) {
      tally.filtered("empty_text");
    } else if (resolved(tally, case_of(dataset, oracle.fates, comment.plan))) {
      tally.written({{lost(oracle.fates.profiles, comment.author), "missing_parent"}});
      oracle.fact("business.case_messages.message_type", comment_word(comment));
    }
  }
}

template <class Rows>
void predict_texts(Oracle& oracle, std::string_view entity, const Rows& rows) {
  Tally& tally = oracle.entity(entity);
  for (const auto& row : rows) {
    if (row.text_empty) {
      tally.filtered("empty_text");
    } else {
      tally.written({{lost(oracle.fates.profiles, row.author), "missing_parent"}});
    }
  }
}

// Rows of a projection whose comment is always there, because it passed the same filter.
template <class Rows, class Parent>
void predict_homes(Oracle& oracle, std::string_view entity, const Rows& rows,
                   const std::vector<Fate>& parents, Parent parent) {
  Tally& tally = oracle.entity(entity);
  for (const auto& row : rows) {
    if (row.text_empty) {
      tally.filtered("empty_text");
    } else if (resolved(tally, parents, parent(row))) {
      tally.written();
    }
  }
}

}  // namespace

void predict_records(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.messages");
  Fates& fates = oracle.fates;
  for (const Record& record : dataset.business.records) {
    const bool arrives = message_arrives(tally, fates, record);
    fates.messages.push_back(arrives ? Fate::written : Fate::held_back);
    if (arrives) {
      oracle.fact("business.messages.message_type", record_word(record));
      oracle.fact("business.messages.recipient_type",
                  record.target.model == Model::patient ? "patient" : "user");
    }
  }
}

void predict_comments(const Dataset& dataset, Oracle& oracle) {
  const Business& business = dataset.business;
  predict_texts(oracle, "business.comments", business.comments);
  predict_homes(oracle, "business.treatment_discussions", business.comments, oracle.fates.plans,
                [](const Comment& comment) { return comment.plan; });
  predict_case_messages(dataset, oracle);
  predict_texts(oracle, "business.note_comments", business.notes);
  predict_homes(oracle, "business.doctor_notes", business.notes, oracle.fates.profiles,
                [](const DoctorNote& note) { return note.doctor; });
}

void predict_actions(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.user_actions");
  const Fates& fates = oracle.fates;
  for (const Action& action : dataset.business.actions) {
    if (action.action_missing) {
      tally.quarantined("action_missing");
      continue;
    }
    const auto item = generic_fate(fates, action.item);
    const auto owner = generic_fate(fates, action.owner);
    const bool any_lost = lost(fates.profiles, action.user) || lost(item) || lost(owner);
    tally.written({{any_lost, "missing_parent"},
                   {action.data.kind == JsonKind::invalid, "json_invalid"},
                   {action.data.kind == JsonKind::nul, "nul_replaced"}});
    oracle.fact("business.user_actions.item_id", item == Fate::written ? "set" : "null");
    oracle.fact("business.user_actions.owner_id", owner == Fate::written ? "set" : "null");
  }
}

}  // namespace mighost::dataset
