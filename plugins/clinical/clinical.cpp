// The clinical family: jaws, projects and treatment plans, brackets, technicians, states, and the
// events of patients. docs/families/clinical.md says what becomes of every row; each group of
// entities stands in a header of its own.
#include <mighost/plugin.hpp>

#include "brackets.hpp"
#include "events.hpp"
#include "jaws.hpp"
#include "plans.hpp"
#include "projects.hpp"
#include "states.hpp"
#include "technicians.hpp"

namespace clinical {

struct plugin {
  static constexpr std::string_view family = "clinical";
  static constexpr std::string_view description =
      "jaws, projects, treatment plans, brackets, technicians, states and events";
  static constexpr mig::setting settings[] = {
      {"jaw_reason", mig::kind::map, R"({ 1 = "breakage", 2 = "other", 3 = "complete" })",
       "why a jaw was replaced; other codes are quarantined"},
      {"project_type", mig::kind::map,
       R"({ 0 = "stl_upper", 3 = "treatment_plan", 10 = "simulation", 11 = "aligner_design" })",
       "what a project holds; other codes become \"other\", with a note"},
      {"project_status", mig::kind::map, R"({ 0 = "draft", 2 = "completed" })",
       "how far a project is; other codes are quarantined"},
      {"case_state", mig::kind::map, R"({ 11 = "treatment_active", 12 = "case_closed" })",
       "what a state says about the case; other codes are quarantined"},
      {"order_state", mig::kind::map, R"({ 11 = "review_approval", 12 = "processing" })",
       "what a state says about the order; other codes are quarantined"},
      {"system_user", mig::kind::integer, "0",
       "the legacy user who stands for the missing creator of a project; without one (0) such "
       "projects are quarantined"},
  };
};

}  // namespace clinical

MIGHOST_PLUGIN(clinical::plugin, clinical::jaws, clinical::projects, clinical::treatment_plans,
               clinical::brackets, clinical::technicians, clinical::technician_roles,
               clinical::case_states, clinical::order_states, clinical::patient_events)
