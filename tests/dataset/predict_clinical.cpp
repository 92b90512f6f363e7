// What docs/families/clinical.md makes of every planted row, but for states. Written from that
// page and from the planted facts alone.

#include <algorithm>

#include "clinical_parts.hpp"
#include "clinical_rules.hpp"

namespace mighost::dataset {

namespace {

std::string_view word_or_null(std::string_view word) { return word.empty() ? "null" : word; }

class ClinicalPrediction {
 public:
  ClinicalPrediction(const Dataset& dataset, Oracle& oracle)
      : dataset_(dataset), oracle_(oracle), fates_(oracle.fates) {}

  void run() {
    predict_jaws();
    predict_projects();
    predict_plans();
    predict_brackets();
    predict_technicians();
    predict_technician_roles();
    predict_events();
  }

 private:
  static Decimal bits(const std::string& teeth) {
    return {std::count(teeth.begin(), teeth.end(), '1'), 0};
  }

  bool jaw_arrives(Tally& tally, const Jaw& jaw, const JawOwner& owner) {
    if (owner.namings == 0) {
      tally.quarantined("orphan");
      return false;
    }
    if (jaw.reason_unknown) {
      tally.quarantined("unknown_enum");
      return false;
    }
    if (!resolved(tally, fates_.orders[owner.instruction])) {
      return false;
    }
    tally.written({{owner.namings > 1, "ambiguous_parent"},
                   {jaw.product && lost(fates_.products[*jaw.product]), "missing_parent"},
                   {jaw.bond_bad || jaw.extract_bad, "teeth_invalid"}});
    oracle_.fact("clinical.jaws.jaw_type", owner.upper ? "upper" : "lower");
    oracle_.fact("clinical.jaws.replacement_reason", reason_word(jaw));
    oracle_.fact("clinical.jaws.owners", std::to_string(owner.namings));
    return true;
  }

  static std::string_view reason_word(const Jaw& jaw) {
    if (!jaw.reason) {
      return "null";
    }
    return *jaw.reason == 1 ? "breakage" : *jaw.reason == 2 ? "other" : "complete";
  }

  void predict_jaws() {
    Tally& tally = oracle_.entity("clinical.jaws");
    const auto owners = jaw_owners(dataset_);
    DecimalSum bond[3];  // source, target, held back
    DecimalSum extract[3];
    for (std::size_t i = 0; i < owners.size(); ++i) {
      const Jaw& jaw = dataset_.jaws[i];
      const std::size_t side = jaw_arrives(tally, jaw, owners[i]) ? 1 : 2;
      if (!jaw.bond_bad) {
        bond[0].add(bits(jaw.bond_teeth));
        bond[side].add(bits(jaw.bond_teeth));
      }
      if (!jaw.extract_bad) {
        extract[0].add(bits(jaw.extract_teeth));
        extract[side].add(bits(jaw.extract_teeth));
      }
    }
    oracle_.control_total("clinical.jaws/bonded teeth", bond[0], bond[1], bond[2]);
    oracle_.control_total("clinical.jaws/extracted teeth", extract[0], extract[1], extract[2]);
  }

  bool project_arrives(Tally& tally, const Project& project) {
    if (project.status_unknown) {
      tally.quarantined("unknown_enum");
      return false;
    }
    if (!project.creator) {
      tally.quarantined("creator_missing");
      return false;
    }
    if (!resolved(tally, fates_.profiles[*project.creator])) {
      return false;
    }
    tally.written({{project.type_unknown, "unknown_type"},
                   {project.name_missing, "name_missing"},
                   {project.size_bad, "size_invalid"}});
    oracle_.fact("clinical.projects.project_type", project_type(project));
    oracle_.fact("clinical.projects.status", project.status == 2 ? "completed" : "draft");
    return true;
  }

  static std::string_view project_type(const Project& project) {
    switch (project.type_unknown ? -1 : *project.type) {
      case 0:
        return "stl_upper";
      case 3:
        return "treatment_plan";
      case 10:
        return "simulation";
      case 11:
        return "aligner_design";
      default:
        return "other";
    }
  }

  void predict_projects() {
    Tally& tally = oracle_.entity("clinical.projects");
    DecimalSum source;
    DecimalSum target;
    DecimalSum held_back;
    for (const Project& project : dataset_.projects) {
      const bool arrives = project_arrives(tally, project);
      projects_.push_back(arrives ? Fate::written : Fate::held_back);
      if (project.size && !project.size_bad) {
        source.add({*project.size, 0});
        (arrives ? target : held_back).add({*project.size, 0});
      }
    }
    oracle_.control_total("clinical.projects/project size", source, target, held_back);
    tell_system_user();
  }

  // Whom a test may name as `system_user`, so that projects without a creator go: any user with a
  // profile would do, this one is there under every seed.
  void tell_system_user() {
    const auto user = std::find_if(dataset_.users.begin(), dataset_.users.end(),
                                   [](const User& candidate) { return candidate.is_superuser; });
    if (user != dataset_.users.end()) {
      oracle_.fact("clinical.projects.possible_system_user", std::to_string(user->id));
    }
  }

  // An order that goes has a patient and a doctor that go.
  void predict_plans() {
    Tally& tally = oracle_.entity("clinical.treatment_plans");
    for (const Plan& plan : dataset_.plans) {
      const Fate order =
          plan.missing_instruction_id ? Fate::missing : fates_.orders[plan.instruction];
      const bool arrives = resolved(tally, order);
      fates_.plans.push_back(arrives ? Fate::written : Fate::held_back);
      if (!arrives) {
        continue;
      }
      const bool project_lost = plan.missing_project_id || lost(projects_[plan.project]);
      tally.written({{project_lost, "missing_parent"}, {plan.name_missing, "name_missing"}});
      oracle_.fact("clinical.treatment_plans.treatment_type", !plan.original   ? "null"
                                                              : *plan.original ? "initial_treatment"
                                                                               : "revision");
      oracle_.fact("clinical.treatment_plans.revision_count",
                   std::to_string(std::max(0, plan.number.value_or(0) - 1)));
    }
  }

  void predict_brackets() {
    Tally& tally = oracle_.entity("clinical.brackets");
    for (const Bracket& bracket : dataset_.brackets) {
      tally.written({{bracket.name_missing, "name_missing"}});
      const BracketHints& hints = bracket.hints;
      oracle_.fact("clinical.brackets.is_test", bracket.is_test ? "true" : "null");
      oracle_.fact("clinical.brackets.bracket_type", word_or_null(hints.bracket_type));
      oracle_.fact("clinical.brackets.tooth_position", word_or_null(hints.tooth_position));
      oracle_.fact("clinical.brackets.arch_type", word_or_null(hints.arch_type));
      oracle_.fact("clinical.brackets.manufacturer", word_or_null(hints.manufacturer));
    }
  }

  // The type of the first role that belongs to the technician, classified or not.
  std::string_view specialty(std::size_t user) const {
    for (const Role& role : dataset_.roles) {
      if (role.user == user && role.group == std::size_t{group_technician}) {
        return role.technician_type;
      }
    }
    return {};
  }

  void predict_technicians() {
    Tally& tally = oracle_.entity("clinical.technicians");
    technicians_.assign(dataset_.users.size(), Fate::missing);
    for (std::size_t i = 0; i < dataset_.users.size(); ++i) {
      const User& user = dataset_.users[i];
      if (!user.groups.test(group_technician)) {
        continue;
      }
      technicians_[i] = Fate::held_back;
      if (resolved(tally, fates_.profiles[i])) {
        technicians_[i] = Fate::written;
        tally.written({{user.name_missing, "name_missing"}, {user.email_bad, "email_invalid"}});
        oracle_.fact("clinical.technicians.specialty", word_or_null(specialty(i)));
        oracle_.fact("clinical.technicians.status", user.is_active ? "active" : "inactive");
      }
    }
  }

  void predict_technician_roles() {
    Tally& tally = oracle_.entity("clinical.technician_roles");
    for (const Role& role : dataset_.roles) {
      if (role.group != std::size_t{group_technician}) {
        tally.filtered("not_technician");
        continue;
      }
      tally.written({{role.named.name_missing, "name_missing"},
                     {role.technician_type.empty(), "unclassified"},
                     {role.user && lost(technicians_[*role.user]), "missing_parent"}});
      oracle_.fact("clinical.technician_roles.role_type", word_or_null(role.technician_type));
    }
  }

  void predict_events() {
    Tally& tally = oracle_.entity("clinical.patient_events");
    for (const Event& event : dataset_.events) {
      if (!event.user || !dataset_.users[*event.user].patient) {
        tally.filtered("no_patient");
      } else if (event.name_missing) {
        tally.quarantined("event_type_missing");
      } else if (!event.created_at) {
        tally.quarantined("created_at_missing");
      } else if (resolved(tally, fates_.patients[*dataset_.users[*event.user].patient])) {
        tally.written();
      }
    }
  }

  const Dataset& dataset_;
  Oracle& oracle_;
  Fates& fates_;
  std::vector<Fate> projects_;
  std::vector<Fate> technicians_;  // by user
};

}  // namespace

void predict_clinical(const Dataset& dataset, Oracle& oracle) {
  ClinicalPrediction(dataset, oracle).run();
  predict_states(dataset, oracle);
}

}  // namespace mighost::dataset
