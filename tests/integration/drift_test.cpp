// Schema drift (domain 1.2, D-57): the shipped plugins against a legacy database of the older
// generation, and against databases that have changed in one place. What does not fit is refused
// before anything is written, all of it at once; what does not matter is let be.

#include <gtest/gtest.h>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

constexpr int exit_preflight = 2;

class Drift : public testing::Test {
 protected:
  Drift() { run_ = migration_.run_command(); }  // writes the configuration too

  Outcome outcome_of(const std::string& command) const {
    if (command == "run") return run_process(run_);
    return run_process(migration_.command({command, "--plugins", shipped_plugins().string(),
                                           "--config", migration_.config_file().string()}));
  }

  std::string target_state() const {
    return migration_.target_structure() + row_digests(migration_.target_url()) +
           migration_.target(
               "SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname !~ '^pg_'");
  }

  /// Each of the three commands says all of it, names a next step, and leaves the target alone.
  void expect_refused(const std::vector<std::string>& parts) const {
    const std::string before = target_state();
    for (const std::string command : {"plan", "check", "run"}) {
      const Outcome outcome = outcome_of(command);
      const std::string& text = command == "check" ? outcome.output : outcome.error;
      EXPECT_EQ(outcome.exit_code, exit_preflight) << command << ": " << outcome.error;
      for (const auto& part : parts) {
        EXPECT_NE(text.find(part), std::string::npos)
            << part << "\nis not what " << command << " says:\n"
            << text;
      }
      EXPECT_NE(text.find(command == "check" ? "A run would be refused" : "nothing was touched"),
                std::string::npos)
          << text;
    }
    EXPECT_EQ(changed_lines(before, target_state()), "");
    EXPECT_EQ(migration_.target("SELECT count(*) FROM pg_namespace WHERE nspname = 'mighost'"),
              "0\n");
  }

  Migration migration_{shipped_plugins()};
  Command run_;
};

TEST_F(Drift, OlderGenerationIsRefusedWithEverythingThatDoesNotFit) {
  fill_older_generation(migration_);
  ASSERT_NE(migration_.source("SELECT count(*) FROM dispatch_payment"), "0\n");
  expect_refused({
      // instruction, patient, payment, product, task, notification and the card of an operation
      "core.orders: the source query reads i.course_id, i.status, i.suffix, i.complaint, i.price, "
      "i.exports, i.upper_jaw_id, i.lower_jaw_id, i.cbct, i.conditions and i.objective, but "
      "public.dispatch_instruction has no such columns",
      "core.orders: the source query reads p.suffix, but public.dispatch_patient has no such "
      "column",
      "core.patients: the source query reads sex, suffix, status, suspended, submitted_at and "
      "schemes, but public.dispatch_patient has no such columns",
      "core.profiles: the source query reads p.sex, p.suffix and p.suspended, but "
      "public.dispatch_patient has no such columns",
      "financial.payments: the source query reads p.made_at, p.total_price, p.subtotal_price and "
      "p.tax_value, but public.dispatch_payment has no such columns",
      "financial.operations: the source query reads o.card_brand, o.card_bin and o.card_last, but "
      "public.dispatch_operation has no such columns",
      "core.products: the source query reads p.course_id, p.description, p.substitute, "
      "p.customization and p.type, but public.dispatch_product has no such columns",
      "business.tasks: the source query reads k.actor_id, k.jaw and k.order_id, but "
      "public.dispatch_task has no such columns",
      "business.system_messages: the source query reads n.send, but public.dispatch_notification "
      "has no such column",
      "clinical.jaws: the source query reads upper_jaw_id and lower_jaw_id, but none of "
      "public.dispatch_jaw and public.dispatch_instruction has such columns",
      // tables that are read as they are
      "business.cases.status: the source table public.dispatch_patient has no such column",
      "business.templates.duration: the source table public.dispatch_template has no such column",
      "business.templates.category_id: the source table public.dispatch_template has no such",
      "business.template_view_roles.role_id: the source table "
      "public.dispatch_template_view_roles has no such column",
      "clinical.brackets.type: the source table public.dispatch_bracket has no such column",
      // tables that the older generation did not have
      "financial.discounts: the source table public.dispatch_discount does not exist",
      "business.template_products: the source table public.dispatch_template_products does not",
      "business.template_edit_roles: the source table public.dispatch_template_edit_roles does not",
      // what to look for instead
      "next: known: id, user_id, doctor_id, office_id, birthdate, archived, price",
      "next: known: id, name, descr, free, deleted, course, predefined",
      "tables of a related name: public.dispatch_product_roles",
  });
}

// What both generations share still fits: not one of these entities is complained about.
TEST_F(Drift, OlderGenerationIsNotBlamedForWhatFits) {
  fill_older_generation(migration_);
  const std::string text = outcome_of("plan").error;
  for (const std::string entity :
       {"core.offices", "core.doctors", "core.courses", "core.roles", "core.teams",
        "business.files", "business.messages", "business.template_view_groups",
        "clinical.treatment_plans", "clinical.projects", "financial.offers",
        "financial.purchases"}) {
    EXPECT_EQ(text.find(" " + entity + ":"), std::string::npos) << entity << "\n" << text;
    EXPECT_EQ(text.find(" " + entity + "."), std::string::npos) << entity << "\n" << text;
  }
}

// The same code as above, with other words.
using ReleaseOnlyDrift = Drift;

TEST_F(ReleaseOnlyDrift, ChangedTypesAndLostColumnsAreRefused) {
  fill(migration_, {"XS", 3, false, few_rows});
  migration_.source(R"sql(
ALTER TABLE dispatch_payment ALTER total_price TYPE text USING total_price::text;
ALTER TABLE dispatch_offer ALTER price_both TYPE text USING price_both::text;
ALTER TABLE dispatch_office DROP COLUMN valid;
ALTER TABLE dispatch_state ALTER changed_at TYPE date USING changed_at::date;
)sql");
  expect_refused({
      "financial.payments.total_price: the source column has the type text, which cannot be read "
      "as numeric",
      "financial.offers.price_both: the source column has the type text",
      "core.offices.valid: the source table public.dispatch_office has no such column",
      "clinical.case_states.changed_at: the source column has the type date",
  });
}

TEST_F(ReleaseOnlyDrift, ColumnThatTheTargetDemandsIsRefused) {
  fill(migration_, {"XS", 3, false, few_rows});
  migration_.target(R"sql(
ALTER TABLE orders ADD COLUMN must_have int NOT NULL;
ALTER TABLE payments ADD COLUMN has_default int NOT NULL DEFAULT 7;
ALTER TABLE tasks DROP COLUMN checked;
)sql");
  expect_refused({
      "core.orders.must_have: the target column is NOT NULL without a default, and nobody fills it",
      "let the plugin emit it, or give the column a default",
      "business.tasks.checked: the target table public.tasks has no such column",
  });
  EXPECT_NE(outcome_of("plan").error.find("(2 faults)"), std::string::npos)
      << "the column with a default is none";
}

// New columns and tables of the source, and a NOT NULL that it has given up, change nothing about
// the rows that are there.
TEST_F(Drift, WhatPluginsDoNotReadMayChange) {
  const auto oracle = fill(migration_, {"XS", 3, false, few_rows});
  migration_.source(R"sql(
ALTER TABLE dispatch_patient ADD COLUMN nickname varchar(255) NOT NULL DEFAULT 'none';
ALTER TABLE dispatch_payment ADD COLUMN paid_at timestamptz;
ALTER TABLE dispatch_discount ALTER percent DROP NOT NULL;
CREATE TABLE dispatch_clinicalpreference (id serial PRIMARY KEY, notes text, user_id int);
)sql");
  migration_.target("ALTER TABLE payments ADD COLUMN has_default int NOT NULL DEFAULT 7");
  const Outcome plan = outcome_of("plan");
  EXPECT_EQ(plan.exit_code, 0) << plan.error;
  EXPECT_NE(plan.output.find("source column percent may be NULL, but the plugin relies on it"),
            std::string::npos)
      << plan.output;
  const Outcome run = migration_.run();
  ASSERT_EQ(run.exit_code, 0) << run.error;
  EXPECT_EQ(differences(migration_.report, oracle), "");
  EXPECT_EQ(migration_.target("SELECT DISTINCT has_default FROM payments"), "7\n");
}

}  // namespace
}  // namespace mighost::test
