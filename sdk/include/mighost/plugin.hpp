// The C++20 side of abi.h: what a plugin includes. A plugin with one entity:
//
//   struct Legacy { std::int64_t id; std::int64_t doctor_id; std::string_view name; };
//   struct Clinic { mig::uuid doctor_id; std::string_view name; std::int64_t legacy_id; };
//
//   struct Clinics {
//     static constexpr std::string_view name = "clinics";
//     static constexpr auto source = mig::from<Legacy>(
//         "public.dispatch_clinic", mig::key("id", &Legacy::id),
//         mig::col("doctor_id", &Legacy::doctor_id), mig::col("name", &Legacy::name));
//     static constexpr auto target = mig::into<Clinic>(
//         "public.clinics", mig::identity("id"), mig::legacy("legacy_id", &Clinic::legacy_id),
//         mig::reference("doctor_id", &Clinic::doctor_id, "core.doctors", mig::missing::reject),
//         mig::col("name", &Clinic::name));
//     static constexpr mig::code codes[] = {{"name_missing", "the clinic has no name"}};
//
//     void transform(const Legacy& row, mig::output<Clinics>& out) {
//       const auto doctor = out.resolve<"core.doctors">(row.doctor_id);
//       if (!doctor) return;
//       if (row.name.empty()) return out.reject<"name_missing">("name");
//       out.row(Clinic{.doctor_id = *doctor, .name = row.name, .legacy_id = row.id});
//     }
//   };
//
//   struct Care {
//     static constexpr std::string_view family = "care";
//   };
//   MIGHOST_PLUGIN(Care, Clinics)
//
// An entity may also have, all `static constexpr`: `std::string_view description`; `mig::code
// codes[]`; `mig::filter filters[]`; `mig::total totals[]`; `mig::assertion assertions[]`;
// `mig::step steps[]`; and `bool projection`, `parallel`, `optional` (see MIG_ENTITY_*). Its
// constructor takes nothing or a const mig::settings&; `void finish()` or `void finish(const
// mig::logger&)` runs after the last row. There is one instance per worker, so members are safe;
// with `parallel` they see only a part of the rows.
//
// A validator has `name`, `applies_to` ("family.entity", globs allowed), `needs =
// mig::needs<Row>(...)`, `void check(const Row&, mig::verdict<Validator>&)`, and may have `codes`,
// `assertions`, `parallel`, and with an `applies_to` without a glob `totals`.
//
// The plugin itself has `family` and may have `version` (default: VERSION of mighost_add_plugin),
// `description` and `mig::setting settings[]`.
//
// An exception that leaves the plugin's code ends the run; its what() and the row's number reach
// the host's log, so what() must not quote values of the row. Bad rows are not exceptions: reject
// them.
#pragma once

#include <mighost/plugin/glue.hpp>

#ifndef MIGHOST_PLUGIN_VERSION
#define MIGHOST_PLUGIN_VERSION ""
#endif

namespace mig::detail {

template <class Plugin>
constexpr std::string_view version_of(std::string_view from_build) {
  if constexpr (requires { Plugin::version; }) return Plugin::version;
  return from_build;
}

}  // namespace mig::detail

/// MIGHOST_PLUGIN(plugin, entities and validators...): defines the one exported symbol.
#define MIGHOST_PLUGIN(plugin_, ...)                                                               \
  extern "C" MIG_EXPORT const mig_plugin* mighost_plugin_v1(void) {                                \
    static_assert(!::mig::detail::version_of<plugin_>(MIGHOST_PLUGIN_VERSION).empty(),             \
                  "no version: give the plugin a `version`, or mighost_add_plugin a VERSION");     \
    static constexpr mig_plugin manifest = ::mig::detail::plugin_glue<plugin_, __VA_ARGS__>::make( \
        ::mig::detail::version_of<plugin_>(MIGHOST_PLUGIN_VERSION));                               \
    return &manifest;                                                                              \
  }
