// Replay over the families that are shipped: what was missing behind hundreds of rows of all of
// them comes back, and the target is the one of a run over the clean data.
#include <gtest/gtest.h>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

// Rows are taken out of the source and put back; nothing else of it is touched.
constexpr const char* without_keys = "SET session_replication_role = replica; ";

// Under the sanitizers the tests of replay go the same ways, with fewer rows.
class ReleaseOnlyReplayOfFamilies : public testing::Test {
 protected:
  void SetUp() override {
    fill(clean_, {"XS", 4, true, {}});
    fill(migration_, {"XS", 4, true, {}});
    ASSERT_EQ(clean_.run().exit_code, 0);
    // Whoever patients name is a doctor, so what can be missing is his account; and beside it an
    // order of another doctor's patient.
    doctor_ = number(
        "SELECT doctor_id FROM dispatch_instruction i JOIN dispatch_patient p "
        "ON p.id = patient_id GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1");
    order_ = number(
        "SELECT i.id FROM dispatch_instruction i JOIN dispatch_patient p "
        "ON p.id = patient_id JOIN dispatch_payment y ON y.instruction_id = i.id "
        "JOIN dispatch_task t ON t.instruction_id = i.id "
        "JOIN dispatch_file f ON f.instruction_id = i.id WHERE p.doctor_id <> " +
        doctor_ + " ORDER BY 1 LIMIT 1");
    ASSERT_NE(doctor_, "");
    ASSERT_NE(order_, "");
  }

  std::string number(const std::string& sql) const {
    std::string text = clean_.source(sql);
    if (!text.empty()) text.pop_back();
    return text;
  }

  void take_away(const std::string& table, const std::string& id) const {
    migration_.source("CREATE TABLE IF NOT EXISTS kept_" + table + " AS SELECT * FROM " + table +
                      " WHERE id = " + id + "; " + without_keys + "DELETE FROM " + table +
                      " WHERE id = " + id);
  }

  void put_back(const std::string& table) const {
    migration_.source(std::string(without_keys) + "INSERT INTO " + table + " SELECT * FROM kept_" +
                      table + "; DROP TABLE kept_" + table);
  }

  /// Orders that cannot go, by the clean source: of patients of the doctor, and the one order.
  std::string lost_orders() const {
    return "(SELECT i.id FROM dispatch_instruction i JOIN dispatch_patient p ON p.id = patient_id "
           "WHERE doctor_id = " +
           doctor_ + " OR i.id = " + order_ + ")";
  }

  void expect_held(const std::string& entity, const std::string& rows_by_source) const {
    const std::string rows = number("SELECT count(*) " + rows_by_source);
    EXPECT_NE(rows, "0") << entity << ": the data tell nothing";
    EXPECT_EQ(
        migration_.target("SELECT count(*) FROM mighost.held_back WHERE entity = '" + entity + "'"),
        rows + "\n")
        << entity;
  }

  void expect_noted(const std::string& entity, const std::string& rows_by_source) const {
    const std::string rows = number("SELECT count(*) " + rows_by_source);
    EXPECT_NE(rows, "0") << entity << ": the data tell nothing";
    EXPECT_EQ(migration_.target("SELECT count(DISTINCT legacy_key) FROM mighost.notes WHERE "
                                "code = 'missing_parent' AND entity = '" +
                                entity + "'"),
              rows + "\n")
        << entity;
  }

  void expect_held_and_noted() const {
    expect_held("core.doctors", "FROM auth_user WHERE id = " + doctor_);
    expect_noted("core.patients", "FROM dispatch_patient WHERE doctor_id = " + doctor_);
    expect_held("core.patients_doctors_offices",
                "FROM dispatch_patient WHERE office_id IS NOT NULL AND doctor_id = " + doctor_);
    expect_held("core.orders",
                "FROM dispatch_instruction i JOIN dispatch_patient p "
                "ON p.id = patient_id WHERE doctor_id = " +
                    doctor_);
    expect_held("business.order_cases",
                "FROM dispatch_instruction WHERE id <> " + order_ + " AND id IN " + lost_orders());
    const std::string behind = " WHERE instruction_id IN " + lost_orders();
    expect_held("business.tasks", "FROM dispatch_task" + behind);
    expect_held("business.order_files", "FROM dispatch_file" + behind);
    expect_held("clinical.treatment_plans", "FROM dispatch_plan" + behind);
    expect_noted("business.files", "FROM dispatch_file" + behind);
    expect_noted("financial.payments", "FROM dispatch_payment" + behind);
  }

  std::string rows(const Migration& migration) const {
    return row_digests(migration.target_url(), timeless);
  }

  Migration clean_{shipped_plugins()}, migration_{shipped_plugins()};
  std::string doctor_, order_;
};

TEST_F(ReleaseOnlyReplayOfFamilies, BringsEverythingBehindAnAccountAndAnOrder) {
  take_away("auth_user", doctor_);
  take_away("dispatch_instruction", order_);
  ASSERT_EQ(migration_.run().exit_code, 0);
  expect_held_and_noted();
  const std::string before = rows(migration_);
  ASSERT_EQ(migration_.replay().exit_code, 0);
  EXPECT_EQ(migration_.report["totals"]["written"], 0);
  EXPECT_EQ(changed_lines(before, rows(migration_)), "");
  expect_held_and_noted();

  put_back("auth_user");
  put_back("dispatch_instruction");
  const Outcome outcome = migration_.replay();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output << outcome.error;
  EXPECT_EQ(changed_lines(rows(clean_), rows(migration_)), "");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.held_back"), "0\n");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.notes "
                              "WHERE code = 'missing_parent' AND taken_up_by IS NULL"),
            "0\n");
  const std::string books = "SELECT * FROM mighost.books ORDER BY 1";
  EXPECT_EQ(changed_lines(clean_.target(books), migration_.target(books)), "");
  for (const json& total : migration_.report["control_totals"]) EXPECT_TRUE(total["holds"]);
  const std::string healed =
      number("SELECT count(*) FROM dispatch_payment WHERE instruction_id IN " + lost_orders());
  EXPECT_EQ(migration_.entity("financial.payments")["healed"].dump(), healed);
}

}  // namespace
}  // namespace mighost::test
