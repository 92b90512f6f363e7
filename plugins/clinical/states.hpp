// clinical.case_states and clinical.order_states: the migration of the state history. Each row of
// dispatch_state has two homes, told apart by what it speaks of: the case of the patient, where the
// line of states matters, and the order, which keeps the row as it was (domain 3.4, 9.10).
#pragma once

#include <charconv>

#include "codes.hpp"

namespace clinical {

struct legacy_case_state {
  std::int64_t id = 0, status = 0;
  bool on = false;
  mig::timestamptz changed_at{};
  std::optional<std::int64_t> actor_id{};
  std::int64_t instruction_id = 0;
  std::optional<std::int64_t> patient_id{};  // NULL: the instruction is gone (D-28)
  maybe_text earlier{};  // the codes of the states before this one, "12,11": the nearest is last
};

struct case_state {
  mig::uuid case_id{};
  std::optional<mig::uuid> changed_by_id{};
  maybe_text previous_state{};
  std::string_view current_state{};
  mig::timestamptz changed_at{};
  std::int64_t legacy_state_id = 0;
  mig::json metadata{};
};

/// Each state with all codes before it in its case. Time comes first, the id breaks ties (D-29).
/// Which codes count is a setting, so the handler picks the nearest one that does.
inline constexpr std::string_view case_states_query = R"sql(
select s.id, s.status, s."on", s.changed_at, s.actor_id, s.instruction_id, i.patient_id,
       string_agg(s.status::text, ',') over (
         partition by i.patient_id order by s.changed_at, s.id
         rows between unbounded preceding and 1 preceding
       ) as earlier
from public.dispatch_state s
left join public.dispatch_instruction i on i.id = s.instruction_id
)sql";

struct case_states {
  static constexpr std::string_view name = "case_states";
  static constexpr std::string_view description =
      "the line of states of each case, over all orders of the patient";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_case_state>(
      "public.dispatch_state", case_states_query, mig::key("id", &legacy_case_state::id),
      mig::col("status", &legacy_case_state::status), mig::col("on", &legacy_case_state::on),
      mig::col("changed_at", &legacy_case_state::changed_at),
      mig::col("actor_id", &legacy_case_state::actor_id),
      mig::col("instruction_id", &legacy_case_state::instruction_id),
      mig::col("patient_id", &legacy_case_state::patient_id),
      mig::col("earlier", &legacy_case_state::earlier));

  static constexpr auto target = mig::into<case_state>(
      "public.case_states", mig::identity("id"),
      mig::legacy("legacy_state_id", &case_state::legacy_state_id),
      mig::if_loaded(
          mig::reference("case_id", &case_state::case_id, "business.cases", mig::missing::reject)),
      mig::reference("changed_by_id", &case_state::changed_by_id, "core.profiles",
                     mig::missing::null),
      mig::col("previous_state", &case_state::previous_state),
      mig::col("current_state", &case_state::current_state),
      mig::col("changed_at", &case_state::changed_at), mig::col("metadata", &case_state::metadata));

  static constexpr mig::code codes[] = {unknown_enum};

  static constexpr mig::assertion assertions[] = {
      {"one-first-state",
       "select case_id from public.case_states "
       "where legacy_state_id is not null and previous_state is null "
       "group by case_id having count(*) > 1",
       "a case has one first state; a state that was entered afterwards, for a time before that of "
       "an earlier run, breaks this",
       false}};

  explicit case_states(const mig::settings& settings)
      : states_(case_state_types, case_state_words, settings, "case_state") {}

  void transform(const legacy_case_state& row, mig::output<case_states>& out) {
    const auto state = states_(row.status);
    if (!state) return out.reject<"unknown_enum">("status", digits{row.status});
    // The key of a case is that of its patient.
    const auto owner = out.resolve<"business.cases">(row.patient_id);
    if (!owner) return;
    metadata_.clear();
    metadata_.add("on", row.on)
        .add("legacy_instruction_id", row.instruction_id)
        .add("legacy_actor_id", row.actor_id);
    out.row(case_state{.case_id = *owner,
                       .changed_by_id = out.resolve<"core.profiles">(row.actor_id),
                       .previous_state = nearest_known(row.earlier.value_or("")),
                       .current_state = *state,
                       .changed_at = row.changed_at,
                       .legacy_state_id = row.id,
                       .metadata = out.keep(metadata_)});
  }

 private:
  /// The word for the last code in the list that has one.
  maybe_text nearest_known(std::string_view list) const {
    while (!list.empty()) {
      const std::size_t comma = list.rfind(',');
      const std::string_view last = comma == list.npos ? list : list.substr(comma + 1);
      std::int64_t code = 0;
      std::from_chars(last.data(), last.data() + last.size(), code);
      if (const maybe_text word = states_(code)) return word;
      list = comma == list.npos ? std::string_view{} : list.substr(0, comma);
    }
    return std::nullopt;
  }

  mig::code_map states_;
  mig::json_object metadata_;
};

struct legacy_order_state {
  std::int64_t id = 0, status = 0;
  bool on = false;
  mig::timestamptz changed_at{};
  std::optional<std::int64_t> actor_id{};
  std::int64_t instruction_id = 0;
};

struct order_state {
  mig::uuid order_id{};
  std::int64_t status_code = 0;
  std::string_view status_name{};
  bool is_active = false;
  std::optional<mig::uuid> changed_by{};
  mig::timestamptz changed_at{};
  std::int64_t legacy_state_id = 0, legacy_instruction_id = 0;
  std::optional<std::int64_t> legacy_actor_id{};
};

struct order_states {
  static constexpr std::string_view name = "order_states";
  static constexpr std::string_view description = "the same states, as they are, by order";
  static constexpr bool projection = true;  // case_states owns the rows
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_order_state>(
      "public.dispatch_state", mig::key("id", &legacy_order_state::id),
      mig::col("status", &legacy_order_state::status), mig::col("on", &legacy_order_state::on),
      mig::col("changed_at", &legacy_order_state::changed_at),
      mig::col("actor_id", &legacy_order_state::actor_id),
      mig::col("instruction_id", &legacy_order_state::instruction_id));

  static constexpr auto target = mig::into<order_state>(
      "public.order_states", mig::identity("id"),
      mig::legacy("legacy_state_id", &order_state::legacy_state_id),
      mig::reference("order_id", &order_state::order_id, "core.orders", mig::missing::reject),
      mig::reference("changed_by", &order_state::changed_by, "core.profiles", mig::missing::null),
      mig::col("status_code", &order_state::status_code),
      mig::col("status_name", &order_state::status_name),
      mig::col("is_active", &order_state::is_active),
      mig::col("changed_at", &order_state::changed_at),
      mig::col("legacy_instruction_id", &order_state::legacy_instruction_id),
      mig::col("legacy_actor_id", &order_state::legacy_actor_id));

  static constexpr mig::code codes[] = {unknown_enum};

  static constexpr mig::total totals[] = {
      {"states that are on", R"(case when "on" then 1 end)", "case when is_active then 1 end"}};

  explicit order_states(const mig::settings& settings)
      : names_(order_state_names, order_state_words, settings, "order_state") {}

  void transform(const legacy_order_state& row, mig::output<order_states>& out) {
    const auto status_name = names_(row.status);
    if (!status_name) return out.reject<"unknown_enum">("status", digits{row.status});
    const auto order = out.resolve<"core.orders">(row.instruction_id);
    if (!order) return;
    out.row(order_state{.order_id = *order,
                        .status_code = row.status,
                        .status_name = *status_name,
                        .is_active = row.on,
                        .changed_by = out.resolve<"core.profiles">(row.actor_id),
                        .changed_at = row.changed_at,
                        .legacy_state_id = row.id,
                        .legacy_instruction_id = row.instruction_id,
                        .legacy_actor_id = row.actor_id});
  }

 private:
  mig::code_map names_;
};

}  // namespace clinical
