// No value of a row and no password may reach what people and machines read (design 6.5): every
// text of the legacy database is marked, every way to be refused is taken, and all that was written
// is searched for the marks. The quarantine and the notes hold row data and are left out.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <set>
#include <sstream>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

constexpr const char* mark = "canary";  // whatever the case: e-mails and states change theirs

// Every text column of the tables that the core family reads, as far as its width goes. Usernames
// and the like stay unique; groups are found by name, so they get one more instead.
constexpr const char* mark_texts = R"sql(
-- These were never valid and would refuse the update.
ALTER TABLE dispatch_patient DROP CONSTRAINT dispatch_patient_doctor_id_fk;
ALTER TABLE dispatch_instruction DROP CONSTRAINT dispatch_instruction_patient_id_fk;
INSERT INTO auth_group (name) VALUES ('CANARY-7f3a-group');
DO $$
DECLARE
  c record;
BEGIN
  FOR c IN SELECT table_name, column_name, coalesce(character_maximum_length, 500) AS width
           FROM information_schema.columns
           WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')
           AND table_name IN ('auth_user', 'auth_permission', 'django_content_type',
             'dispatch_office', 'dispatch_patient', 'dispatch_course', 'dispatch_product',
             'dispatch_category', 'dispatch_role', 'dispatch_doctorsetting', 'dispatch_instruction')
  LOOP
    EXECUTE format('UPDATE %I SET %I = left(%L %s, %s)', c.table_name, c.column_name,
                   'CANARY-7f3a-' || c.column_name, CASE WHEN c.column_name IN
                   ('username', 'codename', 'model') THEN '|| id' ELSE '' END, c.width);
  END LOOP;
END $$;
UPDATE auth_user SET email = 'CANARY-7f3a-' || id || '@clinic.example.org' WHERE id % 2 = 0;
UPDATE dispatch_patient SET schemes = '{"CANARY-7f3a": "CANARY\u0000-7f3a"}' WHERE id % 2 = 0;
UPDATE dispatch_instruction SET exports = '{"CANARY-7f3a": 1}' WHERE id % 2 = 0;
)sql";

/// One way for an office to be refused: what its row says, what the target has against it, and the
/// code. Two rows each, because some routes need a pair.
struct Route {
  const char* source;
  const char* target;
  const char* code;
};

constexpr Route routes[] = {
    {"city = 'CANARY-7f3a-longer than it may be'",
     "ALTER TABLE offices ALTER city TYPE varchar(20)", "length"},
    {"state = 'CANARY-7f3a-check'", "ALTER TABLE offices ADD CHECK (state <> 'CANARY-7F3A-CHECK')",
     "check"},
    {"zip = 'CANARY-7f3a-twice'",
     "CREATE UNIQUE INDEX ON offices (zip_code) WHERE zip_code LIKE '%twice'", "unique"},
    {"address = 'CANARY-7f3a-excluded'",
     "ALTER TABLE offices ADD EXCLUDE (address WITH =) WHERE (address LIKE '%excluded')",
     "exclusion"},
    {"sq_customer_id = 'CANARY-7f3a-nobody'",
     "CREATE TABLE customers (name text PRIMARY KEY);"
     "INSERT INTO customers VALUES ('CANARY-7f3a-sq_customer_id');"
     "ALTER TABLE offices ADD FOREIGN KEY (square_customer_id) REFERENCES customers",
     "foreign_key"},
    {"apt = 'CANARY-7f3a-unheard of'",
     "CREATE TYPE flat AS ENUM ('CANARY-7f3a-apt');"
     "ALTER TABLE offices ALTER apartment TYPE flat USING NULL",
     "server"},
    {"country = NULL", "ALTER TABLE offices ALTER country SET NOT NULL", "not_null"},
    {"name = 'CANARY-7f3a-raise'", R"sql(
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE WARNING 'an office: %', NEW.name;
  IF NEW.name LIKE '%raise' THEN RAISE 'not this one: %', NEW.name; END IF;
  IF NEW.name LIKE '%suppress' THEN RETURN NULL; END IF;
  IF NEW.name LIKE '%violation' THEN RAISE 'nor %', NEW.name USING ERRCODE = '23001'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse BEFORE INSERT ON offices FOR EACH ROW EXECUTE FUNCTION refuse();
)sql",
     "trigger"},
    {"name = 'CANARY-7f3a-suppress'", "SELECT 1", "suppressed_by_trigger"},
    {"name = 'CANARY-7f3a-violation'", "SELECT 1", "server"},
    {"tax_rate = 12.73519", "SELECT 1", "numeric_rounding"},
    {"tax_rate = 735.19", "SELECT 1", "tax_rate_range"},
    {"tax_rate = 0.73519", "SELECT 1", "tax_rate_ambiguous"}};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The lines that hold a mark.
std::string marked_lines(const std::string& text) {
  std::stringstream stream(text);
  std::string found;
  for (std::string line; std::getline(stream, line);) {
    const std::string small = lower(line);
    const bool number = small.find("73519") != std::string::npos;
    if (number || small.find(mark) != std::string::npos) found += line + "\n";
  }
  return found;
}

/// Any command with everything switched on that writes something; all of it is searched.
Outcome search_all_output(const Migration& migration, Command command) {
  const auto log = migration.directory() / "log", report = migration.directory() / "report.json";
  std::filesystem::remove(log);
  std::filesystem::remove(report);
  command.arguments.insert(command.arguments.end(),
                           {"--log-level", "debug", "--log-file", log.string()});
  Outcome outcome = run_process(std::move(command));
  EXPECT_FALSE(read_file(log).empty() && outcome.output.empty());
  EXPECT_EQ(marked_lines(outcome.output), "") << "standard output";
  EXPECT_EQ(marked_lines(outcome.error), "") << "standard error";
  EXPECT_EQ(marked_lines(read_file(log)), "") << "log file";
  EXPECT_EQ(marked_lines(read_file(report)), "") << "report";
  return outcome;
}

class ReleaseOnlyCanary : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<std::string> knobs = few_rows;
    knobs.insert(knobs.end(), {"offices=40", "unknown_sex=2", "course_unknown=1"});
    fill(migration_, {"XS", 1, false, knobs});
    migration_.source(mark_texts);
    int offset = 0;
    for (const Route& route : routes) {
      migration_.source("UPDATE dispatch_office SET " + std::string(route.source) +
                        (std::string(route.source).starts_with("tax") ? "" : ", tax_rate = 8") +
                        " WHERE id IN (SELECT id FROM dispatch_office ORDER BY id LIMIT 2 OFFSET " +
                        std::to_string(offset) + ")");
      migration_.target(route.target);
      offset += 2;
    }
  }

  Outcome search(const std::string& what, const std::vector<std::string>& arguments) {
    SCOPED_TRACE(what);
    Command command = migration_.command(arguments);
    for (const auto& [name, value] : environment_) command.environment[name] = value;
    return search_all_output(migration_, std::move(command));
  }

  std::vector<std::string> words(const std::string& command, std::vector<std::string> more = {}) {
    migration_.run_command();  // writes the configuration
    std::vector<std::string> all = {command, "--plugins", shipped_plugins().string()};
    if (command != "list") {
      all.insert(all.end(), {"--config", migration_.config_file().string()});
    }
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  std::vector<std::string> run_words(std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--json", (migration_.directory() / "report.json").string()});
    return words("run", more);
  }

  void search_ledger() {
    EXPECT_EQ(marked_lines(migration_.target("SELECT r FROM mighost.runs r")), "");
    EXPECT_EQ(marked_lines(migration_.target("SELECT s FROM mighost.steps s")), "");
    EXPECT_EQ(marked_lines(migration_.target("SELECT a FROM mighost.audit a")), "");
  }

  Migration migration_{shipped_plugins()};
  std::map<std::string, std::string> environment_;
};

TEST_F(ReleaseOnlyCanary, M22ValuesOfRefusedRowsStayOutOfEverything) {
  for (const std::string defer : {"never", "always"}) {
    migration_.configure("[load]\ndefer = \"" + defer + "\"\n");
    EXPECT_EQ(search("dry run", run_words({"--dry-run"})).exit_code, 0);
    EXPECT_EQ(search("run", run_words({"--log-json"})).exit_code, 0);
    EXPECT_EQ(search("second run", run_words()).exit_code, 0);
    search_ledger();
    // All routes were taken, with marked rows: otherwise the silence would prove nothing.
    std::stringstream stream(
        migration_.target("SELECT DISTINCT code FROM mighost.quarantine "
                          "WHERE entity = 'core.offices' AND source_row::text LIKE '%CANARY%'"));
    std::set<std::string> codes, expected;
    for (std::string line; std::getline(stream, line);) codes.insert(line);
    for (const Route& route : routes) expected.insert(route.code);
    EXPECT_EQ(codes, expected);
    EXPECT_NE(migration_.target("SELECT count(*) FROM orders WHERE notes LIKE 'CANARY%'"), "0\n");
    migration_.target("TRUNCATE offices, profiles, courses, categories, roles, teams CASCADE");
    migration_.target("DROP SCHEMA mighost CASCADE");
  }
}

TEST_F(ReleaseOnlyCanary, OtherCommandsShowNoValues) {
  for (const std::string command : {"plan", "check", "list"}) {
    EXPECT_EQ(search(command, words(command)).exit_code, 0) << command;
    EXPECT_EQ(search(command, words(command, {"--json", "-", "--log-json"})).exit_code, 0);
  }
}

/// What makes a whole run fail, with a value in the server's message.
struct Failure {
  const char* name;
  const char* sql;
  bool in_source;
  int exit_code;
};

void PrintTo(const Failure& failure, std::ostream* out) { *out << failure.name; }

constexpr const char* shout = R"sql(
CREATE FUNCTION shout(value text, code text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RAISE 'there is %', value USING ERRCODE = code, DETAIL = value, HINT = value;
END $$;
CREATE FUNCTION shout_55000() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM public.shout(NEW.name, '55000'); RETURN NEW; END $$;
CREATE FUNCTION shout_23514() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM public.shout(NEW.name, '23514'); RETURN NEW; END $$;
CREATE FUNCTION names_no_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN EXECUTE format('DELETE FROM %I', NEW.name); RETURN NEW; END $$;
)sql";

class CanaryFailure : public ReleaseOnlyCanary, public testing::WithParamInterface<Failure> {};

TEST_P(CanaryFailure, SaysNothingOfTheRow) {
  (GetParam().in_source ? migration_.source(shout) : migration_.target(shout));
  (GetParam().in_source ? migration_.source(GetParam().sql) : migration_.target(GetParam().sql));
  for (const auto& more : {std::vector<std::string>{}, std::vector<std::string>{"--log-json"}}) {
    const Outcome outcome = search("failing run", run_words(more));
    EXPECT_EQ(outcome.exit_code, GetParam().exit_code) << outcome.error;
  }
  if (migration_.target("SELECT to_regclass('mighost.runs') IS NOT NULL") == "t\n") search_ledger();
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, CanaryFailure,
    testing::Values(
        Failure{"TriggerOnInsert",
                "CREATE TRIGGER shout BEFORE INSERT ON courses FOR EACH ROW "
                "EXECUTE FUNCTION shout_55000()",
                false, 3},
        Failure{"TriggerOnUpdate",
                "CREATE TRIGGER shout BEFORE UPDATE ON categories FOR EACH ROW "
                "EXECUTE FUNCTION shout_23514()",
                false, 3},
        // The server's own words, but not its own statement.
        Failure{"TriggerWithAStatementOfItsOwn",
                "CREATE TRIGGER shout BEFORE INSERT ON courses FOR EACH ROW "
                "EXECUTE FUNCTION names_no_table()",
                false, 3},
        Failure{"TriggerWithAStatementOfItsOwnOnUpdate",
                "CREATE TRIGGER shout BEFORE UPDATE ON categories FOR EACH ROW "
                "EXECUTE FUNCTION names_no_table()",
                false, 3},
        Failure{"TriggerAtCommit",
                "CREATE CONSTRAINT TRIGGER shout AFTER INSERT ON courses DEFERRABLE INITIALLY "
                "DEFERRED FOR EACH ROW EXECUTE FUNCTION shout_55000()",
                false, 3},
        Failure{"ViewInTheSource",
                "ALTER TABLE auth_permission RENAME TO permission;"
                "CREATE VIEW auth_permission AS SELECT id, name, content_type_id, "
                "CASE WHEN id = (SELECT max(permission_id) FROM dispatch_role_permissions) "
                "THEN shout(codename, '55000') ELSE codename END AS codename FROM permission",
                true, 3},
        Failure{"Assertion",
                "CREATE FUNCTION renumber() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "NEW.order_number := NEW.order_number || 'CANARY'; RETURN NEW; END $$;"
                "CREATE TRIGGER shout BEFORE INSERT ON orders FOR EACH ROW "
                "EXECUTE FUNCTION renumber()",
                false, 4}),
    [](const auto& test) { return test.param.name; });

/// A plugin that gives up says so in its own words, and the host adds the key, not the row.
TEST(CanaryPlugin, FailureSaysNothingOfTheRow) {
  Migration migration("throws");
  migration.source(
      "CREATE TABLE legacy_items (id int PRIMARY KEY, name text NOT NULL);"
      "INSERT INTO legacy_items SELECT n, 'CANARY-7f3a' FROM generate_series(1, 9) n");
  migration.target("CREATE TABLE items (id uuid PRIMARY KEY, legacy_id int UNIQUE, name text)");
  const Outcome outcome = search_all_output(migration, migration.run_command());
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.error.find("tiny.items, key 7"), std::string::npos) << outcome.error;
}

std::string with_password(const std::string& url, const std::string& password) {
  const auto at = url.find('@');
  return url.substr(0, at) + ":" + password + url.substr(at);
}

TEST_F(ReleaseOnlyCanary, PasswordsStayOutOfEverything) {
  const auto pgpass = migration_.directory() / "pgpass";
  std::ofstream(pgpass) << "*:*:*:*:CANARY-7f3a-pgpass\n";
  std::filesystem::permissions(pgpass, std::filesystem::perms::owner_read);
  const std::string source = with_password(migration_.source_url(), "CANARY-7f3a-source");
  const std::string target = with_password(migration_.target_url(), "CANARY-7f3a-target");
  const std::map<std::string, std::string> ways[] = {
      {{"MIGHOST_SOURCE_URL", source}, {"MIGHOST_TARGET_URL", target}},
      {{"PGPASSWORD", "CANARY-7f3a-environment"}},
      {{"PGPASSFILE", pgpass.string()}},
      // Wrong in ways that make somebody quote the URL.
      {{"MIGHOST_TARGET_URL", target + "_is_not_there"}},
      {{"MIGHOST_TARGET_URL", "postgresql://mighost:CANARY-7f3a@a@host/database"}},
      {{"MIGHOST_TARGET_URL", "postgresql://mighost:CANARY-7f3a/x@host/database"}},
      {{"MIGHOST_TARGET_URL", "postgresql://mighost:CANARY-7f3a-%zz@host/database"}},
      {{"MIGHOST_TARGET_URL", "host=/nowhere pasword=CANARY-7f3a dbname=x"}},
      {{"MIGHOST_TARGET_URL", "host=/nowhere password=CANARY-7f3a dbname=x"}},
      {{"MIGHOST_TARGET_URL", "host=/nowhere password='CANARY-7f3a dbname=x"}}};
  int way = 0;
  for (const auto& environment : ways) {
    SCOPED_TRACE("way " + std::to_string(way));
    environment_ = environment;
    const bool right = way++ < 3;
    const int run = search("run", run_words()).exit_code,
              plan = search("plan", words("plan")).exit_code;
    const int check = search("check", words("check", {"--json", "-"})).exit_code;
    EXPECT_EQ(right, run == 0 && plan == 0 && check == 0);
  }
  search_ledger();
}

/// What others on the machine and in the database can see while a run is at work.
TEST_F(ReleaseOnlyCanary, ProcessListAndServerActivityShowNothing) {
  environment_ = {
      {"MIGHOST_SOURCE_URL", with_password(migration_.source_url(), "CANARY-7f3a-source")},
      {"MIGHOST_TARGET_URL", with_password(migration_.target_url(), "CANARY-7f3a-target")}};
  Gate gate(migration_.target_url());
  migration_.target(
      "CREATE TRIGGER at_gate BEFORE INSERT ON orders "
      "FOR EACH STATEMENT EXECUTE FUNCTION public.trigger_gate()");
  // Every statement stands in the server's log, with its parameters.
  const std::string database = migration_.target("SELECT current_database()");
  migration_.target("ALTER DATABASE " + database + " SET log_statement = 'all'");
  gate.close();
  Command command = migration_.command(run_words());
  for (const auto& [name, value] : environment_) command.environment[name] = value;
  Process process(std::move(command));
  ASSERT_TRUE(gate.wait_for_visitor()) << process.error();
  std::string line = read_file("/proc/" + std::to_string(process.id()) + "/cmdline");
  std::replace(line.begin(), line.end(), '\0', ' ');
  EXPECT_NE(line.find("--config"), std::string::npos);
  EXPECT_EQ(marked_lines(line), "");
  EXPECT_EQ(marked_lines(migration_.target("SELECT query, application_name FROM pg_stat_activity "
                                           "WHERE application_name LIKE 'mighost %'")),
            "");
  gate.open();
  EXPECT_EQ(process.wait().exit_code, 0);
  migration_.target("ALTER DATABASE " + database + " RESET log_statement");
  std::stringstream log(read_file(shared_cluster().data_directory() / "server.log"));
  std::string statements;
  bool ours = false;
  for (std::string text; std::getline(log, text);) {
    const bool begins = !text.empty() && text.front() != '\t';
    if (begins) {
      ours = text.find("LOG:  statement: ") != std::string::npos ||
             text.find("LOG:  execute ") != std::string::npos ||
             text.find("DETAIL:  parameters: ") != std::string::npos;
    }
    if (ours) statements += text + "\n";
  }
  EXPECT_NE(statements.find("INSERT INTO mighost.runs"), std::string::npos);
  EXPECT_NE(statements.find("COPY "), std::string::npos);
  EXPECT_EQ(marked_lines(statements), "");
}

}  // namespace
}  // namespace mighost::test
