// clinical.patient_events: what happened with a patient, as far as the user of the event is one.
#pragma once

#include "codes.hpp"

namespace clinical {

struct legacy_event {
  std::int64_t id = 0;
  maybe_text name{};
  std::optional<mig::timestamptz> created_at{};
  std::optional<std::int64_t> patient_id{};
};

// An event names no order, so order_id stays NULL, and the target's trigger that compares the
// order's patient with the event's has nothing to refuse.
struct patient_event {
  mig::uuid patient_id{};
  std::string_view event_type{};
  std::int64_t legacy_event_id = 0;
  mig::timestamptz created_at{};
};

inline constexpr std::string_view events_query = R"sql(
select e.id, e.name, e.created_at, p.id as patient_id
from public.dispatch_event e
left join public.dispatch_patient p on p.user_id = e.user_id
)sql";

struct patient_events {
  static constexpr std::string_view name = "patient_events";
  static constexpr std::string_view description = "events of users who are patients";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_event>(
      "public.dispatch_event", events_query, mig::key("id", &legacy_event::id),
      mig::col("name", &legacy_event::name), mig::col("created_at", &legacy_event::created_at),
      mig::col("patient_id", &legacy_event::patient_id));

  static constexpr auto target =
      mig::into<patient_event>("public.patient_events", mig::identity("id"),
                               mig::legacy("legacy_event_id", &patient_event::legacy_event_id),
                               mig::reference("patient_id", &patient_event::patient_id,
                                              "core.patients", mig::missing::reject),
                               mig::col("event_type", &patient_event::event_type),
                               mig::col("created_at", &patient_event::created_at));

  static constexpr mig::filter filters[] = {
      {"patient_id is not null", "no_patient", "the event is of nobody, or of no patient"}};

  static constexpr mig::code codes[] = {
      {"event_type_missing", "the event does not say what happened"},
      {"created_at_missing", "the event does not say when it happened"},
  };

  void transform(const legacy_event& row, mig::output<patient_events>& out) {
    const maybe_text type = trimmed(row.name);
    if (!type) return out.reject<"event_type_missing">("name");
    if (!row.created_at) return out.reject<"created_at_missing">("created_at");
    const auto patient = out.resolve<"core.patients">(row.patient_id);
    if (!patient) return;
    out.row(patient_event{.patient_id = *patient,
                          .event_type = *type,
                          .legacy_event_id = row.id,
                          .created_at = *row.created_at});
  }
};

}  // namespace clinical
