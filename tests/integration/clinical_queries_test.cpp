// The source queries of the clinical family against rows in the real legacy tables: whose a jaw is,
// which states come before a state, which role speaks for a technician. The bench cannot see them,
// because it starts where the query ends. The expected values come from docs/families/clinical.md.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "clinical/events.hpp"
#include "clinical/jaws.hpp"
#include "clinical/plans.hpp"
#include "clinical/states.hpp"
#include "clinical/technicians.hpp"
#include "support/cluster.hpp"

namespace mighost::test {
namespace {

std::string legacy_schema() {
  std::ifstream file(MIGHOST_SOURCE_DIR "/tests/dataset/legacy_schema.sql");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A legacy database without foreign keys, so that rows need no more than what a test is about.
class ClinicalQueries : public testing::Test {
 protected:
  void SetUp() override {
    shared_cluster().drop_database("clinical_queries");
    shared_cluster().create_database("clinical_queries");
    url_ = shared_cluster().url("clinical_queries");
    sql(legacy_schema());
  }
  void TearDown() override { shared_cluster().drop_database("clinical_queries"); }

  std::string sql(const std::string& text) const { return psql(url_, text); }

  /// Columns of the rows that a source query gives, by id.
  std::string rows(std::string_view query, const std::string& columns,
                   const std::string& order = "id") const {
    return sql("select " + columns + " from (" + std::string{query} + ") q order by " + order);
  }

  void instruction(int id, int patient, const std::string& upper = "null",
                   const std::string& lower = "null") const {
    sql("insert into dispatch_instruction (id, patient_id, course_id, status, cbct, comprehensive,"
        " deleted, upper_jaw_id, lower_jaw_id) values (" +
        std::to_string(id) + ", " + std::to_string(patient) + ", 1, 1, false, false, false, " +
        upper + ", " + lower + ")");
  }

  void states(const std::string& values) const {
    sql("insert into dispatch_state (id, status, \"on\", changed_at, instruction_id) values " +
        values);
  }

 private:
  std::string url_;
};

TEST_F(ClinicalQueries, StatesStandInLineByTimeThenById) {
  instruction(31, 90);
  states(
      "(5, 12, true, '2025-01-03', 31), (1, 11, true, '2025-01-04', 31),"
      "(9, 13, true, '2025-01-01', 31), (7, 11, false, '2025-01-02', 31)");
  EXPECT_EQ(rows(clinical::case_states_query, "id, earlier", "changed_at"),
            "9|\n7|13\n5|13,11\n1|13,11,12\n");
}

TEST_F(ClinicalQueries, ATieInTimeGoesByIdNotByText) {
  instruction(31, 90);
  states(
      "(10, 12, true, '2025-01-03 00:00:00+00', 31), (9, 11, true, '2025-01-03 01:00:00+01', 31),"
      "(100, 11, true, '2025-01-03 00:00:00.000001+00', 31)");
  EXPECT_EQ(rows(clinical::case_states_query, "id, earlier"), "9|\n10|11\n100|11,12\n");
}

TEST_F(ClinicalQueries, AllOrdersOfAPatientAreOneLineAndNobodyElse) {
  instruction(31, 90);
  instruction(32, 90);
  instruction(33, 91);
  states(
      "(1, 11, true, '2025-01-01', 31), (2, 12, true, '2025-01-02', 33),"
      "(3, 12, true, '2025-01-03', 32), (4, 11, true, '2025-01-04', 33)");
  EXPECT_EQ(rows(clinical::case_states_query, "id, patient_id, earlier"),
            "1|90|\n2|91|\n3|90|11\n4|91|12\n");
}

TEST_F(ClinicalQueries, AStateOfAnUnknownInstructionIsReadAndHasNoPatient) {
  instruction(31, 90);
  states("(1, 11, true, '2025-01-01', 99), (2, 12, true, '2025-01-02', 31)");
  EXPECT_EQ(rows(clinical::case_states_query, "id, patient_id, earlier"), "1||\n2|90|\n");
}

TEST_F(ClinicalQueries, AJawGoesToTheFirstInstructionThatNamesIt) {
  sql("insert into dispatch_jaw (id) values (1), (2), (3), (4), (5)");
  instruction(40, 90, "2", "1");
  instruction(31, 90, "3", "2");
  instruction(50, 90, "4", "4");
  instruction(60, 90, "2", "4");
  EXPECT_EQ(rows(clinical::jaws_query, "id, namings, instruction_id, is_upper"),
            "1|1|40|f\n2|3|31|f\n3|1|31|t\n4|3|50|t\n5|0||\n");
}

TEST_F(ClinicalQueries, TheLowestRoleOfTheGroupSpeaksForATechnician) {
  sql("insert into auth_group values (70, 'Technician'), (71, 'technician'), (72, 'Doctor')");
  sql("insert into auth_user (id, password, username, is_superuser, is_staff, is_active,"
      " date_joined) select n, '', 'u' || n, false, false, true, now()"
      " from generate_series(1, 4) n");
  sql("insert into auth_user_groups (id, user_id, group_id) values (1, 1, 70), (2, 2, 70),"
      " (3, 3, 71), (4, 1, 72), (5, 9, 70)");
  sql("insert into dispatch_role (id, name, abbrev, user_id, group_id) values"
      " (20, 'a', 'MT', 1, 70), (10, 'b', 'x', 1, 70), (5, 'c', 'DT', 1, 72), (7, 'd', 'RT', 2,"
      " null)");
  EXPECT_EQ(
      rows(clinical::technicians_query, "user_id, account_id, role_id, role_abbrev", "user_id"),
      "1|1|10|x\n2|2||\n9|||\n");
  EXPECT_EQ(rows(clinical::technician_roles_query, "id, is_technician"), "5|f\n7|f\n10|t\n20|t\n");
}

TEST_F(ClinicalQueries, EventsAndPlansFindTheirPatients) {
  sql("insert into dispatch_patient (id, user_id, doctor_id, archived, suspended)"
      " values (90, 7, 42, false, false)");
  sql("insert into dispatch_event (id, name, user_id) values (1, 'a', 7), (2, 'b', 90),"
      " (3, 'c', null)");
  EXPECT_EQ(rows(clinical::events_query, "id, patient_id"), "1|90\n2|\n3|\n");
  instruction(31, 90);
  instruction(32, 91);
  sql("insert into dispatch_plan (id, instruction_id, project_id) values (1, 31, 5), (2, 32, 5),"
      " (3, 99, 5)");
  EXPECT_EQ(rows(clinical::plans_query, "id, patient_id, doctor_id"), "1|90|42\n2|91|\n3||\n");
}

}  // namespace
}  // namespace mighost::test
